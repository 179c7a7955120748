"""Octets of all sorts, straight into an interface, past the host's own IP: hostile.py INTERFACE COUNT SEED [MAC]. With a MAC address they are frames to
that neighbour and to everybody, else packets. Prints how many it sent."""
import random
import socket
import struct
import sys
import time

interface, count, seed = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
mac = bytes.fromhex(sys.argv[4].replace(":", "")) if len(sys.argv) > 4 else None
dice = random.Random(seed)
HOME, CN = (socket.inet_pton(socket.AF_INET6, address) for address in ("2001:db8:1::10", "2001:db8:9::9"))
MULTICAST = socket.inet_pton(socket.AF_INET6, "ff02::1")
# next headers that somebody looks into: hop-by-hop, ICMP, TCP, UDP, IPv4 and IPv6 inside, routing, fragment, ESP, AH, none, destination options, mobility
HEADERS = (0, 1, 4, 6, 17, 41, 43, 44, 50, 51, 58, 59, 60, 135)


def octets(longest):
    return bytes(dice.getrandbits(8) for _ in range(dice.randrange(longest)))


def extension(following):
    body = dice.choice((
        bytes((201, 16)) + dice.choice((HOME, CN, MULTICAST)),    # home address option, with the padding before it missing
        bytes((1, 2, 0, 0)) + bytes((201, 16)) + HOME,
        bytes((2, 1, 0, 0, 0, 0)) + HOME,    # type 2 routing header
        bytes((0, dice.randrange(256), 0, 0, 0, 0)) + CN,    # type 0
        struct.pack("!HI", dice.randrange(1 << 16), dice.randrange(4)),    # fragment
        octets(60)))
    body += bytes(-(len(body) + 2) % 8)
    return bytes((following, dice.choice(((len(body) + 2) // 8 - 1, dice.randrange(256)))))[:2] + body


def packet():
    kind = dice.randrange(10)
    if kind == 0:
        return octets(1400) or b"x"
    if kind == 1:
        return struct.pack("!BBHHHBBH4s4s", dice.choice((0x45, 0x4f, 0x40)), 0, dice.randrange(1500), 0, 0, 64, dice.choice(HEADERS), 0, octets(5).ljust(4, b"1")[:4], b"abcd") + octets(100)
    payload = octets(dice.choice((8, 80, 1200)))
    following = dice.choice(HEADERS)
    for _ in range(dice.randrange(4)):
        payload, following = extension(following) + payload, dice.choice((0, 43, 44, 60))
    length = len(payload) if dice.randrange(4) else dice.randrange(1 << 16)
    ends = dice.choice(((HOME, CN), (CN, HOME), (HOME, HOME), (MULTICAST, HOME), (HOME, MULTICAST), (bytes(16), CN)))
    whole = struct.pack("!IHBB", 6 << 28 | dice.getrandbits(28), length, following, dice.choice((0, 1, 64, 255))) + ends[0] + ends[1] + payload
    return whole[:dice.randrange(1, len(whole))] if dice.randrange(5) == 0 else whole


sent = 0
with socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0) as raw:
    raw.bind((interface, 0x86dd))
    for i in range(count):
        what = packet()
        if mac:
            what = dice.choice((mac, b"\xff" * 6, b"\x33\x33\0\0\0\x01")) + b"\x02\0\0\0\x77\x77" + dice.choice((b"\x86\xdd", b"\x08\0", b"\x08\x06", octets(2).ljust(2, b"2"))) + what
            what = what[:1400]
        try:
            raw.send(what)
            sent += 1
        except OSError:
            pass    # too long, or the queue is full
        if i % 50 == 0:
            time.sleep(0.02)
print("sent", sent)
