"""Signing in, the device, and the life of the tokens."""

from datetime import datetime

import jwt
from botocore.exceptions import ClientError
from otf_api import OtfUser, exceptions
from otf_api.auth.auth import CLIENT_ID
from otf_api.cache import clear_cache, get_cache

from context import Context
from report import raises, same


def run(context: Context) -> None:
    """Leaves the context signed in."""
    account = context.account
    password = account["password"]
    users: dict[str, OtfUser] = {}

    def sign_in(email: str = account["email"], password: str = password) -> OtfUser:
        return OtfUser(email, password)

    def with_password() -> str:
        user = users["first"] = sign_in()
        same("member UUID", user.member_uuid, account["member_uuid"])
        same("Cognito id", user.cognito_id, account["cognito_id"])
        same("e-mail", user.email_address, account["email"])
        return user.member_uuid

    def device() -> str:
        kept = get_cache().read_device_data_from_cache()
        absent = [name for name in ("device_key", "device_group_key", "device_password") if not kept.get(name)]
        same("device data not kept", absent, [])
        return str(kept["device_key"])

    def from_the_cache() -> None:
        same("access token", OtfUser().cognito.access_token, users["first"].cognito.access_token)

    def refresh() -> str:
        cognito = users["first"].cognito
        before = (cognito.access_token, cognito.id_token)
        cognito.access_token = _expired(cognito.access_token)
        cognito.check_token()
        if cognito.access_token == before[0] or cognito.id_token == before[1]:
            raise AssertionError("the tokens are the old ones")
        cognito.verify_tokens()
        return f"good for {cognito.expiration_seconds} s"

    def refresh_on_the_way() -> None:
        context.use(sign_in())
        cognito = context.otf._client.user.cognito
        cognito.access_token = _expired(cognito.access_token)
        same("member", context.otf.members.get_member_detail().member_uuid, account["member_uuid"])
        if cognito.expiration_seconds <= 0:
            raise AssertionError("the token is still the expired one")

    def refused_refresh(device_key: str | None) -> str:
        cognito = users["first"].cognito
        parameters = {"REFRESH_TOKEN": cognito.refresh_token}
        if device_key:
            parameters["DEVICE_KEY"] = device_key
        try:
            cognito.idp_client.initiate_auth(
                ClientId=CLIENT_ID, AuthFlow="REFRESH_TOKEN_AUTH", AuthParameters=parameters
            )
        except ClientError as error:
            same("error", error.response["Error"]["Code"], "NotAuthorizedException")
            return error.response["Error"]["Message"]
        raise AssertionError("it was granted")

    def spent_refresh_token() -> str:
        user = sign_in()
        user.cognito.access_token = _expired(user.cognito.access_token)
        user.cognito.refresh_token = "not-a-refresh-token"
        return raises(exceptions.NoCredentialsError, user.cognito.check_token)

    def cleared() -> None:
        clear_cache()
        # Neither tokens nor variables, and no terminal to ask at.
        raises(exceptions.NoCredentialsError, OtfUser)

    refusal = ("Authentication failed",)
    context.check("sign in with a password", with_password)
    context.check("the device is confirmed and kept", device)
    context.check("sign in from the cached tokens", from_the_cache)
    context.check("refresh an expired token", refresh)
    context.check("refresh on the way to an endpoint", refresh_on_the_way)
    context.check("no refresh without the device key", lambda: refused_refresh(None))
    foreign = "us-east-1_00000000-0000-4000-8000-000000000000"
    context.check("no refresh with another device's key", lambda: refused_refresh(foreign))
    context.check("a refused refresh token", spent_refresh_token, ("Tokens expired",))
    context.check(
        "a wrong password",
        lambda: raises(exceptions.OtfAuthenticationError, lambda: sign_in(password=password + "!")),
        refusal,
    )
    context.check(
        "an unknown user",
        lambda: raises(exceptions.OtfAuthenticationError, lambda: sign_in(email="nobody@example.com")),
        refusal,
    )
    context.check("clear_cache", cleared, ("Unable to prompt",))
    context.check("sign in once more", context.sign_in)


def _expired(token: str) -> str:
    """A token with the same claims that ran out a minute ago; the client reads its own without checking it."""
    claims = jwt.decode(token, options={"verify_signature": False})
    claims["exp"] = int(datetime.now().timestamp()) - 60
    return jwt.encode(claims, "any key will do, nobody checks it", algorithm="HS256")
