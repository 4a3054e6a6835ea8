"""Loads of whole numbers at any offset, see `native.loads`."""

from thingwarden.native import big_endian, little_endian

be16 = big_endian(16)
be32 = big_endian(32)
be64 = big_endian(64)
le16 = little_endian(16)
le32 = little_endian(32)
