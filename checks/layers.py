#!/usr/bin/env python3
"""Checks that each module of src/ uses only modules below it: checks/layers

    checks/layers               prints each path that points up or sideways, and fails if there is one
    checks/layers --self-test   checks the checker with planted violations

It reads the source, macros included, without expanding it. Paths in code count (`use` trees, inline paths,
`$crate::…`, paths in strings of serde attributes, and macros that are called by name); comments and tests do not.
"""

import re
import sys
import tempfile
from pathlib import Path

# From top to bottom. A module may use the modules of the lines below its own, and none beside it.
LAYERS = """
otf
api codegrade record
client
auth
store net
models
decode
endpoints random
error
ids secret
"""

# Modules outside the layers, and what they may use. Nothing else may use them but the files named here.
APART = {"sandbox": {"ids", "secret"}}
MAY_USE_APART = {"sandbox": {"otf/builder.rs"}}

# The front page names everything; the guide is documentation.
EXEMPT = {"lib", "guide"}

LEVEL = {name: -depth for depth, line in enumerate(LAYERS.split("\n")) for name in line.split()}

TOKEN = re.compile(
    r"""
      (?P<space>\s+)
    | (?P<comment>//[^\n]*)
    | (?P<block>/\*)
    | (?P<raw>b?r(?P<hashes>\#*)"(?s:.*?)"(?P=hashes))
    | (?P<text>[bc]?"(?:[^"\\]|\\(?s:.))*")
    | (?P<char>b?'(?:[^'\\\n]|\\(?:u\{[^}]*\}|x..|.))')
    | (?P<lifetime>'[A-Za-z_]\w*)
    | (?P<word>(?:r\#)?[A-Za-z_]\w*)
    | (?P<number>\d\w*)
    | (?P<mark>::|.)
    """,
    re.VERBOSE | re.DOTALL,
)


def tokens(source):
    """(line, kind, text) for code and strings; comments are left out."""
    found, at, line = [], 0, 1
    while at < len(source):
        match = TOKEN.match(source, at)
        kind, text = match.lastgroup, match.group()
        if kind == "hashes":
            kind = "raw"
        if kind == "block":
            depth, end = 1, match.end()
            while depth and end < len(source):
                pair = source[end : end + 2]
                depth += (pair == "/*") - (pair == "*/")
                end += 2 if pair in ("/*", "*/") else 1
            text = source[at:end]
        elif kind not in ("space", "comment"):
            found.append((line, kind, text.removeprefix("r#") if kind == "word" else text))
        at += len(text)
        line += text.count("\n")
    return found


def skip_group(code, at):
    """The index after the bracket that closes the one at `at`."""
    depth = 0
    while at < len(code):
        text = code[at][2] if code[at][1] == "mark" else ""
        depth += (text in tuple("([{")) - (text in tuple(")]}"))
        at += 1
        if depth <= 0:
            break
    return at


def without_tests(code):
    """Leaves out each item that is compiled for tests only."""
    kept, at = [], 0
    while at < len(code):
        if [token[2] for token in code[at : at + 7]] == ["#", "[", "cfg", "(", "test", ")", "]"]:
            at += 7
            while at < len(code) and code[at][2] == "#":
                at = skip_group(code, at + 1)
            # The item ends with its block or its semicolon, whichever comes first.
            while at < len(code) and code[at][2] not in ("{", ";"):
                at = skip_group(code, at) if code[at][2] in ("(", "[") else at + 1
            at = skip_group(code, at) if at < len(code) and code[at][2] == "{" else at + 1
        else:
            kept.append(code[at])
            at += 1
    return kept


def paths(code, at, prefix):
    """The paths of a `use` tree, or the one path, that goes on at `at` after `prefix`."""
    if at + 1 < len(code) and code[at][2] == "::":
        line, kind, text = code[at + 1]
        if kind == "word" or text == "*":
            return paths(code, at + 2, prefix + [text])
        if text == "{":
            found, inner, end = [], at + 2, skip_group(code, at + 1) - 1
            while inner < end:
                if code[inner][1] == "word":
                    word = [] if code[inner][2] == "self" else [code[inner][2]]
                    found += [(code[inner][0], path) for _, path in paths(code, inner + 1, prefix + word)]
                elif code[inner][2] == "*":
                    found.append((code[inner][0], prefix + ["*"]))
                while inner < end and code[inner][2] != ",":
                    inner = skip_group(code, inner) if code[inner][2] == "{" else inner + 1
                inner += 1
            return found
    return [(code[min(at, len(code) - 1)][0], prefix)]


def module_of(file):
    parts = list(file.with_suffix("").parts)
    return parts[:-1] if parts[-1] in ("mod", "lib") else parts


def is_test_file(file):
    return file.name == "tests.rs" or "tests" in file.parts[:-1]


def public_names(lib):
    """What lib.rs calls each public name of a module: {"Error": "error"}."""
    code, names = tokens(lib), {}
    for at, (_, _, text) in enumerate(code):
        if text == "use" and at + 1 < len(code) and code[at + 1][1] == "word":
            start = at + 2 if code[at + 1][2] in ("crate", "self") else at + 1
            first = [] if start == at + 2 else [code[at + 1][2]]
            for _, path in paths(code, start if not first else at + 2, first):
                if path:
                    names.setdefault(path[-1], path[0])
    return names


def references(file, code):
    """(line, path from the crate's root) for each path that starts at `crate`, `self` or `super`."""
    module = module_of(file)
    # The inline modules that are open, with the depth of braces that they began at.
    inline, depth, at = [], 0, 0
    while at < len(code):
        line, kind, text = code[at]
        if kind == "mark":
            depth += (text == "{") - (text == "}")
            if inline and depth < inline[-1][1]:
                inline.pop()
        elif text == "mod" and at + 2 < len(code) and code[at + 2][2] == "{":
            inline.append((code[at + 1][2], depth + 1))
        elif kind in ("text", "raw") and "::" in text and in_serde_attribute(code, at):
            inner = tokens(text.strip('br#"'))
            for _, path in references_in(inner, 0, module, inline):
                yield line, path
        elif kind == "word" and (at == 0 or code[at - 1][2] != "::"):
            yield from references_in(code, at, module, inline)
        at += 1


def references_in(code, at, module, inline):
    if not code or code[at][1] != "word":
        return
    here = module + [name for name, _ in inline]
    first = code[at][2]
    if first == "crate":
        # `pub(crate)` is no path; `use crate as x` and `use crate::*` are, to the root.
        if at + 1 < len(code) and code[at + 1][2] in ("::", "as"):
            yield from starting_at(code, at, [])
    elif first == "super":
        up = 1
        while [token[2] for token in code[at + 1 : at + 3]] == ["::", "super"]:
            up, at = up + 1, at + 2
        if at + 1 < len(code) and code[at + 1][2] in ("::", "as"):
            yield from starting_at(code, at, here[: max(0, len(here) - up)])
    elif first == "self" and at + 1 < len(code) and code[at + 1][2] == "::":
        yield from starting_at(code, at, here)


def starting_at(code, at, prefix):
    for line, path in paths(code, at + 1, prefix):
        # `self::super::x`
        while "super" in path:
            place = path.index("super")
            path = path[: max(0, place - 1)] + path[place + 1 :]
        yield line, path


def in_serde_attribute(code, at):
    start = at
    while start > 0 and at - start < 60 and code[start][2] not in ("]", ";", "}"):
        if code[start][2] == "serde" and code[start - 1][2] in ("[", ","):
            return True
        start -= 1
    return False


def violations(root):
    root = Path(root)
    files = {path.relative_to(root): path.read_text() for path in sorted(root.rglob("*.rs"))}
    names = public_names(files.get(Path("lib.rs"), ""))
    sources = {file: without_tests(tokens(text)) for file, text in files.items() if not is_test_file(file)}
    top = {file: (module_of(file) or ["lib"])[0] for file in sources}
    macros = {}
    for file, code in sources.items():
        for at, token in enumerate(code):
            if token[2] == "macro_rules" and at + 2 < len(code):
                macros.setdefault(code[at + 2][2], set()).add(top[file])

    found = []
    for file, code in sources.items():
        user = top[file]
        if user in EXEMPT:
            continue
        uses = []
        for line, path in references(file, code):
            name = path[0] if path else "*"
            uses.append((line, "crate::" + "::".join(path or ["*"]), names.get(name, name)))
        for at, (line, kind, text) in enumerate(code):
            is_call = at + 1 < len(code) and code[at + 1][2] == "!" and (at == 0 or code[at - 1][2] != "::")
            if kind == "word" and is_call and user not in macros.get(text, {user}):
                uses += [(line, f"{text}!", owner) for owner in macros[text]]
        for line, path, used in uses:
            if reason := forbidden(file, user, used):
                found.append(f"src/{file.as_posix()}:{line}: {path} ({reason})")
    return found


def forbidden(file, user, used):
    if used == user:
        return None
    if used == "*":
        return "names the crate's root"
    if user in APART:
        allowed = " and ".join(sorted(APART[user]))
        return None if used in APART[user] else f"{user} may use {allowed} only"
    if used in APART:
        return None if file.as_posix() in MAY_USE_APART[used] else f"only {', '.join(MAY_USE_APART[used])} may use it"
    for name in (user, used):
        if name not in LEVEL:
            return f"{name} is not in the table of layers"
    if LEVEL[used] == LEVEL[user]:
        return f"{used} is beside {user}"
    if LEVEL[used] > LEVEL[user]:
        return f"{used} is above {user}"
    return None


# file, source, how many violations
PLANTED = [
    ("net/a.rs", "use crate::auth::Session;", 1),
    ("net/a.rs", "use crate::store::Store;", 1),
    ("net/a.rs", "use crate::{error::Error, ids::{ClassId, X}, api, models::*};", 1),
    ("net/a.rs", "use crate::{\n  auth::{jwt::{self, Claims}, Session},\n  otf::Otf,\n};", 4),
    ("net/a.rs", "fn f() -> crate::client::Response { crate::api::x() }", 2),
    ("net/a.rs", "macro_rules! m { () => { $crate::auth::x() } }", 1),
    ("net/a.rs", "use super::super::auth;", 1),
    ("net/mod.rs", "use super::{auth::A, error::E};", 1),
    ("net/mod.rs", "pub(super) fn f() {} pub(in crate::net) fn g() {}", 0),
    ("net/mod.rs", "mod inner { use super::super::auth::A; use super::b; }", 1),
    ("net/mod.rs", "mod inner { fn f() {} } use super::auth::A;", 1),
    ("net/a.rs", "use self::super::super::auth::A;", 1),
    ("net/a.rs", "use crate::Session; use crate::Error;", 1),
    ("net/a.rs", "use crate::*;", 1),
    ("net/a.rs", "use crate as root;", 1),
    ("net/a.rs", "use super::super::*;", 1),
    ("net/a.rs", "fn f() { list!(1) }", 1),
    ("auth/b.rs", "fn f() { list!(1) }", 1),
    ("api/b.rs", "fn f() { list!(1) }", 0),
    ("net/a.rs", '#[serde(with = "crate::auth::x")] struct S;', 1),
    ("net/a.rs", '#[derive(D)] #[serde(default, deserialize_with = "super::super::auth::x")] struct S;', 1),
    ("net/a.rs", "use crate::r#auth::x;", 1),
    ("net/a.rs", "use crate :: auth :: x;", 1),
    ("net/a.rs", "/* a /* b */ */ use crate::auth::x; // crate::auth\n", 1),
    ("net/a.rs", "const A: char = '\"'; use crate::auth::x; const B: &str = \"\";", 1),
    ("net/a.rs", "fn f<'a>(x: &'a str) { let _ = '\\''; crate::auth::x() }", 1),
    ("net/a.rs", '#[cfg(test)] #[path = "x"] mod a { fn f() {} } fn g() { crate::auth::x() }', 1),
    ("net/a.rs", "#[cfg(test)] use crate::error::{A, B}; use crate::auth::x;", 1),
    ("net/a.rs", '#[cfg(feature = "x")] fn f() { crate::auth::x() }', 1),
    ("unknown.rs", "use crate::error::Error;", 1),
    ("sandbox/a.rs", "use crate::ids::A; use crate::secret::S; use crate::error::E;", 1),
    ("otf/mod.rs", "fn f(s: &crate::sandbox::Sandbox) {}", 1),
    ("otf/builder.rs", "fn f(s: &crate::sandbox::Sandbox) {}", 0),
    ("error.rs", "use crate::secret::Secret; use crate::endpoints::Endpoints;", 1),
    # What is allowed.
    ("otf/mod.rs", "use crate::{api::A, net::N, error::*}; use super::ids;", 0),
    ("api/workouts/list.rs", "use super::query::Q; use super::super::bookings::B; use self::x::Y;", 0),
    ("net/a.rs", "/// [`Session`](crate::auth::Session)\n// crate::auth::x\n/* crate::auth */ fn f() {}", 0),
    ("net/a.rs", 'const A: &str = "crate::auth::x"; const B: &str = r#"" crate::auth::x "#;', 0),
    ("net/a.rs", "#[cfg(test)] mod tests { use crate::auth::x; }", 0),
    ("net/a.rs", "#[cfg(test)]\n#[allow(x)]\nfn f() -> [u8; 3] { crate::auth::x() }", 0),
    ("net/tests.rs", "use crate::auth::x;", 0),
    ("net/tests/deep.rs", "use crate::auth::x;", 0),
    ("guide/a.rs", "use crate::sandbox::S;", 0),
    ("net/a.rs", "fn f(secret: u8) { let client = 1; other::auth::x(); }", 0),
]


def self_test():
    lib = "mod a; pub use auth::{Session, jwt}; pub use error::{Error, Result};"
    failed = 0
    for file, source, expected in PLANTED:
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder)
            for name, text in [("lib.rs", lib), ("client/lists.rs", "macro_rules! list { () => {} }"), (file, source)]:
                (root / name).parent.mkdir(parents=True, exist_ok=True)
                (root / name).write_text(text)
            found = violations(root)
            if len(found) != expected:
                failed += 1
                print(f"{file}: {source!r}: {expected} expected, found {found}")
    print(f"checks/layers: {len(PLANTED) - failed} of {len(PLANTED)} planted cases as expected")
    return failed


def main():
    if sys.argv[1:] == ["--self-test"]:
        return 1 if self_test() else 0
    if sys.argv[1:]:
        print(__doc__)
        return 2
    if self_test():
        return 1
    found = violations(Path(__file__).resolve().parent.parent / "src")
    print("\n".join(found) or "each module uses only modules below it")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
