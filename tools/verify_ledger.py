#!/usr/bin/env python3
"""Verify an export of Qianshao's ledger on a clean machine. One file, standard library only; shares no code with the product.

    python3 verify_ledger.py BUNDLE [--policy KEYS.json] [--since CHECKPOINT.txt] [--json]

Exit status: 0 sound, 1 tampered (each finding names entry, stream, reason), 2 unreadable, 3 older than a head you hold.
KEYS.json is what the office handed over on paper: {"keys": [{"name", "type": "ed25519", "public": hex}]}. Without it
the keys stated in the bundle itself are used, which shows damage but not who signed. The format is in docs/ledger.md.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import sys
from collections.abc import Iterator
from typing import Any

FIELDS = set("v log stream sseq prev kind fact fv rule actor post unit at rec src idem pii files data".split())
SM3_HERE = "sm3" in hashlib.algorithms_available


class Unreadable(Exception):
    """Not a bundle at all."""


class Tampered(Exception):
    """Something that does not fit."""


def sha256(raw: bytes) -> bytes:
    return hashlib.sha256(raw).digest()


def sm3(raw: bytes) -> bytes:
    return hashlib.new("sm3", raw).digest()


# --- canonical JSON (RFC 8785, whole numbers only) -----------------------------------------------------------------


def no_fraction(text: str) -> Any:
    raise Tampered(f"a fraction ({text}) where only whole numbers are written")


READ = json.JSONDecoder(parse_float=no_fraction, parse_constant=no_fraction).decode
WRITE = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), check_circular=False).encode


def canonical(raw: bytes) -> Any:
    """Read strictly: writing it again must give the same bytes."""
    try:
        value = READ(raw.decode())
    except (ValueError, RecursionError) as error:
        raise Tampered(f"not readable ({error})") from error
    if WRITE(value).encode() != raw:
        raise Tampered("not in canonical form")
    return value


# --- Merkle trees (RFC 9162) -----------------------------------------------------------------------------------------


class Tree:
    """A growing tree kept as the roots of its full subtrees."""

    def __init__(self, function: Any, size: int = 0, hashes: list[bytes] | None = None) -> None:
        self.h, self.size, self.hashes = function, size, list(hashes or [])
        if len(self.hashes) != bin(size).count("1"):
            raise Tampered(f"the frontier has {len(self.hashes)} hashes; a tree of {size} has {bin(size).count('1')}")

    def append(self, leaf: bytes) -> None:
        above = self.size
        while above & 1:
            leaf = self.h(b"\x01" + self.hashes.pop() + leaf)
            above >>= 1
        self.hashes.append(leaf)
        self.size += 1

    def root(self) -> bytes:
        if not self.hashes:
            return self.h(b"")
        root = self.hashes[-1]
        for left in self.hashes[-2::-1]:
            root = self.h(b"\x01" + left + root)
        return root


def included(leaf: bytes, index: int, size: int, proof: list[bytes], root: bytes) -> bool:
    """RFC 9162 2.1.3.2."""
    if not 0 <= index < size:
        return False
    at, last, node = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return False
        if at & 1 or at == last:
            node = sha256(b"\x01" + sibling + node)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            node = sha256(b"\x01" + node + sibling)
        at, last = at >> 1, last >> 1
    return last == 0 and node == root


# --- Ed25519 (RFC 8032, verification only) ---------------------------------------------------------------------------

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
I = pow(2, (P - 1) // 4, P)  # noqa: E741 - the name RFC 8032 gives it
Point = tuple[int, int, int, int]


def add(one: Point, two: Point) -> Point:
    a, b = (one[1] - one[0]) * (two[1] - two[0]) % P, (one[1] + one[0]) * (two[1] + two[0]) % P
    c, d = 2 * one[3] * two[3] * D % P, 2 * one[2] * two[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def times(factor: int, point: Point) -> Point:
    result: Point = (0, 1, 1, 0)
    while factor:
        if factor & 1:
            result = add(result, point)
        point, factor = add(point, point), factor >> 1
    return result


def point_of(raw: bytes) -> Point | None:
    y = int.from_bytes(raw, "little")
    sign, y = y >> 255, y & (1 << 255) - 1
    if y >= P:
        return None
    x2 = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(x2, (P + 3) // 8, P)
    if (x * x - x2) % P:
        x = x * I % P
    if (x * x - x2) % P or (not x and sign):
        return None
    if x & 1 != sign:
        x = P - x
    return (x, y, 1, x * y % P)


BASE = point_of((4 * pow(5, -1, P) % P).to_bytes(32, "little"))


def ed25519(public: bytes, signature: bytes, message: bytes) -> bool:
    """Whether the signature is the key's over the message."""
    if len(public) != 32 or len(signature) != 64:
        return False
    key, r = point_of(public), point_of(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    if key is None or r is None or BASE is None or s >= L:
        return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % L
    left, right = times(s, BASE), add(r, times(h, key))
    return (left[0] * right[2] - right[0] * left[2]) % P == 0 and (left[1] * right[2] - right[1] * left[2]) % P == 0


# --- checkpoints (C2SP signed notes) ---------------------------------------------------------------------------------


def checkpoint(note: str) -> tuple[str, int, bytes, list[tuple[str, bytes, bytes]]]:
    """Origin, size, root and signatures (name, key id, signature) of a note."""
    text, gap, rest = note.partition("\n\n")
    lines = text.split("\n")
    try:
        origin, size, root = lines
        raw = base64.b64decode(root, validate=True)
        if not gap or not rest.endswith("\n") or len(raw) != 32 or str(int(size)) != size:
            raise ValueError
        signatures = []
        for line in rest[:-1].split("\n"):
            name, coded = line.removeprefix("— ").rsplit(" ", 1)
            signed = base64.b64decode(coded, validate=True)
            if not line.startswith("— ") or base64.b64encode(signed).decode() != coded:
                raise ValueError
            signatures.append((name, signed[:4], signed[4:]))
    except ValueError:
        raise Tampered("a checkpoint is not a signed note") from None
    if base64.b64encode(raw).decode() != root:
        raise Tampered("the root of a checkpoint is not written as base64 is")
    return origin, int(size), raw, signatures


def signed(note: str, keys: list[dict[str, str]]) -> tuple[str, int, bytes]:
    """The checkpoint of a note all of whose signatures are by known keys and hold."""
    origin, size, root, signatures = checkpoint(note)
    message = (note.partition("\n\n")[0] + "\n").encode()
    for name, key_id, signature in signatures:
        for key in keys:
            public = bytes.fromhex(key["public"])
            if sha256(key["name"].encode() + b"\n\x01" + public)[:4] == key_id and key["name"] == name:
                if not ed25519(public, signature, message):
                    raise Tampered(f"the signature of {name} does not hold")
                break
        else:
            raise Tampered(f"signed by {name}, a key that is not known")
    if not signatures:
        raise Tampered("a checkpoint without a signature")
    return origin, size, root


# --- the bundle ------------------------------------------------------------------------------------------------------


class Check:
    """One verification and what it finds."""

    def __init__(self, since: str | None, policy: list[dict[str, str]] | None) -> None:
        self.findings: list[dict[str, Any]] = []
        self.policy = policy
        self.since = checkpoint(since)[:3] if since else None
        self.since_root: bytes | None = None
        self.seen = self.size = 0
        self.older = False
        self.tails: dict[str, tuple[int, str, str]] = {}

    def found(self, seq: int | None, stream: str, sseq: int, reason: str) -> None:
        self.findings.append({"entry": seq, "stream": stream, "number": sseq, "reason": reason})

    def entry(self, line: bytes, expected: int | None) -> tuple[int, bytes]:
        """Check one line alone and against its stream; returns its number and the leaf hash of its body."""
        number, leaf, body = line.split(b" ", 2)
        seq, true = int(number), sha256(b"\x00" + body)
        if str(seq).encode() != number or (expected is not None and seq != expected):
            self.found(expected, "", 0, f"the line says entry {number.decode()}, entry {expected} is due")
        try:
            value = canonical(body)
            if not isinstance(value, dict) or set(value) != FIELDS:
                raise Tampered("has not the fields of an entry")
        except Tampered as error:
            self.found(seq, "", 0, f"body {error}")
            return seq, true
        stream, sseq, rec = value["stream"], value["sseq"], value["rec"]
        if leaf != true.hex().encode():
            self.found(seq, stream, sseq, "body does not match its leaf hash")
        tail = self.tails.get(stream)
        if tail is None:
            if self.start == 0 and (sseq != 1 or value["prev"]):
                self.found(seq, stream, sseq, "the stream does not begin with its first entry")
        elif sseq != tail[0] + 1 or value["prev"] != tail[1]:
            self.found(seq, stream, sseq, "does not continue the entry before it in its stream")
        elif rec < tail[2]:
            self.found(seq, stream, sseq, "recorded before the entry before it")
        self.tails[stream] = (sseq, true.hex(), rec)
        return seq, true

    def run(self, lines: Iterator[bytes]) -> None:
        """The whole file, in one pass."""
        digest = hashlib.sha256()
        first = next(lines, b"")
        try:
            head = canonical(first.removesuffix(b"\n"))
            if head["bundle"] != "qianshao-ledger/1" or head["mode"] not in ("all", "period", "duty"):
                raise Unreadable("the first line is not a header of qianshao-ledger/1")
            self.start, self.size, mode, origin = head["start"], head["size"], head["mode"], head["origin"]
        except (Tampered, KeyError, TypeError) as error:
            raise Unreadable(f"the first line is not a header: {error}") from error
        digest.update(first)
        leaves: list[tuple[int, bytes, str]] = []
        trees: list[Tree] = []
        waiting = next(lines, b"")
        held: list[tuple[bytes, bytes]] = []
        if self.start == 0 and mode == "all":
            trees = [Tree(sha256)] + ([Tree(sm3)] if SM3_HERE else [])
        self.note_since(trees)
        for following in lines:
            digest.update(waiting)
            try:
                expected = None if mode == "duty" else self.start + self.seen
                seq, leaf = self.entry(waiting.removesuffix(b"\n"), expected)
            except ValueError:
                raise Tampered(f"line {self.seen + 2} is not an entry") from None
            self.seen += 1
            body = waiting.removesuffix(b"\n").split(b" ", 2)[2] if len(trees) > 1 or mode == "period" else b""
            if mode == "duty":
                leaves.append((seq, leaf, ""))
            elif trees:
                trees[0].append(leaf)
                if len(trees) > 1:
                    trees[1].append(sm3(b"\x00" + body))
                self.note_since(trees)
            else:
                held.append((leaf, sm3(b"\x00" + body) if SM3_HERE else b""))
            waiting = following
        if not waiting.endswith(b"\n"):
            raise Tampered("the file is cut off: its last line has no end")
        end = canonical(waiting.removesuffix(b"\n"))
        self.close(end, digest.hexdigest(), mode, origin, trees, held, leaves)

    def note_since(self, trees: list[Tree]) -> None:
        if self.since and trees and trees[0].size == self.since[1]:
            self.since_root = trees[0].root()

    def close(self, end: Any, digest: str, mode: str, origin: str, trees: list[Tree], held: Any, leaves: Any) -> None:
        """The last line: digest, signatures, roots, proofs."""
        try:
            if end["sha256"] != digest:
                self.found(None, "", 0, "the file's own digest does not match: a byte before the last line was changed")
            if end["entries"] != self.seen:
                self.found(None, "", 0, f"{self.seen} entries, the last line says {end['entries']}")
            keys = self.policy if self.policy is not None else end["keys"]
            said, size, root = signed(end["checkpoint"], keys)
            if (said, size) != (origin, self.size):
                raise Tampered("the checkpoint speaks of another log or size than the header")
            sides = [[bytes.fromhex(node) for node in side] for side in end["frontier"]]
            if mode == "period":
                trees = [Tree(sha256, self.start, sides[0])] + ([Tree(sm3, self.start, sides[1])] if SM3_HERE else [])
                self.note_since(trees)
                for pair in held:
                    for tree, leaf in zip(trees, pair, strict=False):
                        tree.append(leaf)
                    self.note_since(trees)
            if trees and (trees[0].size, trees[0].root()) != (size, root):
                self.found(None, "", 0, "the tree over all entries has not the root the checkpoint states")
            if end["sm3_checkpoint"]:
                sm3_origin, sm3_size, sm3_root = signed(end["sm3_checkpoint"], keys)
                if (sm3_origin, sm3_size) != (origin + "/sm3", size):
                    raise Tampered("the SM3 checkpoint speaks of another log or size")
                if len(trees) > 1 and trees[1].root() != sm3_root:
                    self.found(None, "", 0, "the SM3 tree has not the root its checkpoint states")
            for (seq, leaf, _), proof in zip(leaves, end["proofs"], strict=True):
                if not included(leaf, seq, size, [bytes.fromhex(node) for node in proof], root):
                    self.found(seq, "", 0, "the proof does not lead from this entry to the checkpoint's root")
            if end["heads"] is not None:
                self.complete(end["heads"], keys, origin)
        except (KeyError, TypeError, ValueError) as error:
            raise Tampered(f"the last line is not what ends a bundle: {error}") from error
        if self.since:
            self.compare_since(size, root, origin)

    def complete(self, heads: Any, keys: list[dict[str, str]], origin: str) -> None:
        """The duty's file ends where the tree of heads says."""
        said, size, root = signed(heads["note"], keys)
        stream, sseq, leaf = heads["head"]
        body = WRITE([stream, sseq, leaf]).encode()
        proof = [bytes.fromhex(node) for node in heads["proof"]]
        if not said.startswith(origin + "/heads/") or not included(sha256(b"\x00" + body), heads["index"], size, proof, root):
            self.found(None, stream, sseq, "the proof that the file is complete does not hold")
        tail = self.tails.get(stream)
        if tail is None or len(self.tails) != 1 or tail[0] < sseq or (tail[0] == sseq and tail[1] != leaf):
            self.found(None, stream, sseq, f"the file is not complete: on that day the stream ended at number {sseq}")

    def compare_since(self, size: int, root: bytes, origin: str) -> None:
        """Against the head the auditor holds."""
        assert self.since is not None
        held_origin, held_size, held_root = self.since
        if held_origin != origin:
            raise Tampered(f"the head you hold is of {held_origin}, the bundle of {origin}")
        if size < held_size:
            self.older = True
        elif size == held_size and root != held_root:
            self.found(None, "", 0, "another root than the head you hold, at the same size: history was rewritten")
        elif self.since_root is not None and self.since_root != held_root:
            self.found(None, "", 0, f"the first {held_size} entries are not those of the head you hold: history was rewritten")
        elif self.since_root is None and size != held_size:
            raise Tampered(f"this bundle cannot be compared with a head of size {held_size}: take one that begins at or before it")


def main() -> int:
    """Command line."""
    parser = argparse.ArgumentParser(description="核验前哨账本的导出 / verify an export of Qianshao's ledger")
    parser.add_argument("bundle")
    parser.add_argument("--policy", help="公钥文件 / keys handed over on paper (JSON)")
    parser.add_argument("--since", help="自己保存的检查点 / a checkpoint you hold")
    parser.add_argument("--json", action="store_true", help="输出 JSON / print one JSON document")
    options = parser.parse_args()
    try:
        policy = None
        if options.policy:
            with open(options.policy, encoding="utf-8") as file:
                policy = json.load(file)["keys"]
        since = None
        if options.since:
            with open(options.since, encoding="utf-8") as file:
                since = file.read()
        check = Check(since, policy)
        with open(options.bundle, "rb") as file:
            check.run(iter(file))
        status = 1 if check.findings else 3 if check.older else 0
        said = ""
    except Tampered as error:
        check.found(None, "", 0, str(error))
        status, said = 1, ""
    except (Unreadable, OSError, KeyError, ValueError) as error:
        status, said = 2, str(error)
    report(options.json, status, said, None if status == 2 else check)
    return status


WORDS = {
    0: ("完好：记录、链接、树根和签名均一致", "sound: entries, links, roots and signatures agree"),
    1: ("不一致：有内容被改动", "tampered"),
    2: ("无法读取", "unreadable"),
    3: ("比您保存的检查点更旧：可能恢复了旧备份", "older than the head you hold: an old backup may have been restored"),
}


def report(as_json: bool, status: int, said: str, check: Check | None) -> None:
    """Say what was found."""
    findings = check.findings if check else []
    if as_json:
        entries, size = (check.seen, check.size) if check else (0, 0)
        print(json.dumps({"status": status, "result": WORDS[status][1], "error": said, "entries": entries, "size": size, "findings": findings}, ensure_ascii=False))
        return
    print(" / ".join(WORDS[status]) + (f": {said}" if said else ""))
    if check:
        print(f"{check.seen} 条记录 / entries; 日志长度 / log size {check.size}")
        if check.policy is None:
            print("未提供公钥文件：签名只按导出文件自带的公钥核对 / no --policy: signatures checked against the bundle's own keys")
        if not SM3_HERE:
            print("本机没有 SM3：只核对 SHA-256 / no SM3 here: only SHA-256 was checked")
    for item in findings[:50]:
        print(f"  记录 / entry {item['entry']}, {item['stream']} #{item['number']}: {item['reason']}")


if __name__ == "__main__":
    sys.exit(main())
