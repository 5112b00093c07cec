"""The transparency log, pure: bytes in, bytes or `LogError` out; no file, no clock, no network.

The texts it follows are RFC 6962 and RFC 9162 (tree and proofs), RFC 8785 (canonical JSON) and, at commit
5ba5ee8 of github C2SP/C2SP, signed-note, tlog-checkpoint, tlog-cosignature, tlog-tiles, tlog-proof and
tlog-policy.

- `merkle`: hashes of trees, proofs and their verification
- `keys`, `note`, `checkpoint`, `cosignature`: who signed which tree
- `tiles`, `growth`, `reader`: the tree as files; how it grows; what is read is verified first
- `canonical`, `statement`: what an entry says
- `proof`, `policy`, `verify`: what a file proves to somebody who is offline
"""
