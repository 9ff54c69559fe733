"""Talks to `otf mcp` with the official Python client: mcp_client.py OTF

Its validation of each message is what this check is about.
"""

import asyncio
import json
import os
import sys
import tempfile

from mcp import ClientSession, StdioServerParameters
from mcp.client.stdio import stdio_client


async def call(session: ClientSession, name: str, **arguments: object) -> tuple[bool, str]:
    result = await session.call_tool(name, arguments)
    return result.isError, result.content[0].text


async def talk(otf: str, home: str) -> None:
    environment = {"HOME": home, "XDG_CACHE_HOME": f"{home}/cache"}
    server = StdioServerParameters(command=otf, args=["mcp", "--sandbox"], env=environment)
    async with stdio_client(server) as streams, ClientSession(*streams) as session:
        hello = await session.initialize()
        assert hello.serverInfo.name == "otf", hello
        tools = {tool.name: tool for tool in (await session.list_tools()).tools}
        assert tools["list_classes"].annotations.readOnlyHint, tools

        is_error, text = await call(session, "list_classes", available=True)
        assert not is_error, text
        now_or_later = [one for one in json.loads(text)["classes"] if one["local"] > "2026-04-12"]
        chosen = now_or_later[0]
        day, time = chosen["local"][:10], chosen["local"][11:16]
        arguments = {"date": day, "time": time, "type": chosen["type"]}

        is_error, text = await call(session, "book_class", **arguments, confirm="yes")
        assert is_error and "nothing was done" in text, text
        confirm = f"{chosen['name']} with {chosen['coach']}, {day} {time}"
        is_error, text = await call(session, "book_class", **arguments, confirm=confirm)
        assert not is_error, text
        booking = json.loads(text)["booking"]["id"]
        is_error, text = await call(session, "list_bookings")
        assert booking in text, text
        is_error, text = await call(session, "cancel_booking", **arguments, confirm=confirm)
        assert not is_error, text
        print(f"{len(tools)} tools; {confirm} was booked and canceled")


with tempfile.TemporaryDirectory() as home:
    asyncio.run(asyncio.wait_for(talk(os.path.abspath(sys.argv[1]), home), timeout=120))
