"""A correspondent's signalling for a Linux kernel, which has the data path of RFC 6275 but no daemon: answers return
routability, checks the authenticator of binding updates with Python's own hashes, and sets the kernel's state.

correspondent.py ADDRESS [protected|tunnel]: with IPsec, which the caller sets up, neither nonces nor authenticators are looked at. In a tunnel that ends at the care-of
address there is nothing to bind: the kernel's policies and SAs migrate. It runs until killed; a line of output for each message, the first one is "ready".
"""
import hashlib
import hmac
import re
import socket
import struct
import subprocess
import sys

CN = sys.argv[1]
CN_OCTETS = socket.inet_pton(socket.AF_INET6, CN)
TUNNEL = sys.argv[2:] == ["tunnel"]
PROTECTED = TUNNEL or sys.argv[2:] == ["protected"]
NONCE_INDEX = 5


def say(*words):
    print(*words, flush=True)


def ip(command, check=True):
    subprocess.run(["ip", "xfrm"] + command.split(), check=check)


def token(address, kind):
    """A keygen token: any function of the address that only we can compute will do."""
    return hmac.new(b"correspondent", address + kind, hashlib.sha1).digest()[:8]


def authenticator(kbm, care_of, message):
    return hmac.new(kbm, care_of + CN_OCTETS + message[:4] + b"\0\0" + message[6:], hashlib.sha1).digest()[:12]


def options(octets):
    at = 0
    while at < len(octets):
        if octets[at] == 0:
            at += 1
        else:
            length = octets[at + 1]
            yield octets[at], octets[at + 2:at + 2 + length], at
            at += 2 + length


def swapped_care_of(ancillary):
    """The kernel swaps source and home address option, so the option now holds the care-of address."""
    for level, kind, data in ancillary:
        if level == socket.IPPROTO_IPV6 and kind == socket.IPV6_DSTOPTS:
            for option, value, _ in options(data[2:]):
                if option == 201:
                    return value
    return None


def text(octets):
    return socket.inet_ntop(socket.AF_INET6, octets)


def forget(home):
    """Policies first: the kernel asks a key management daemon, if there is one, for what a policy lacks, and that is in the way later."""
    for proto in ("udp", "ipv6-icmp"):
        ip(f"policy delete src {home} dst {CN} proto {proto} dir in ptype sub", check=False)
        ip(f"policy delete src {CN} dst {home} proto {proto} dir out ptype sub", check=False)
    ip(f"policy delete src {CN} dst {home} proto mobility-header type 6 dir out ptype sub", check=False)
    ip(f"state deleteall src {home} dst {CN} proto hao", check=False)
    ip(f"state deleteall src {CN} dst {home} proto route2", check=False)


def bind(home, care_of):
    ip(f"state add src {home} dst {CN} proto hao mode ro coa {care_of}")
    ip(f"state add src {CN} dst {home} proto route2 mode ro coa {care_of}")
    for proto in ("udp", "ipv6-icmp"):
        ip(f"policy add src {home} dst {CN} proto {proto} dir in ptype sub tmpl src {home} dst {CN} proto hao mode ro level use")
    for what in ("udp", "ipv6-icmp", "mobility-header type 6"):
        ip(f"policy add src {CN} dst {home} proto {what} dir out ptype sub"
           f" tmpl src {CN} dst {home} proto route2 mode ro level required")


def migrate(home, care_of):
    """XFRM_MSG_MIGRATE, as a mobility daemon sends it on a machine whose IKE daemon is another program. Without XFRMA_KMADDRESS: with it, charon follows, too, but by
    deleting and adding what has migrated already, which packets may fall into."""
    shown = subprocess.run(["ip", "xfrm", "policy"], check=True, capture_output=True, text=True).stdout
    found = re.findall(r"^src (\S+)/128 dst (\S+)/128 *\n\s+dir (in|out|fwd) .*\n\s+tmpl src (\S+) dst (\S+)\n\s+proto esp (?:spi \S+ )?reqid (\d+) mode tunnel", shown, re.M)
    for source, destination, direction, outer_source, outer_destination, request in found:
        if home not in (source, destination):
            continue
        there = direction == "out"
        if (outer_destination if there else outer_source) == care_of:
            continue
        ends = [socket.inet_pton(socket.AF_INET6, end) for end in (destination, source, outer_destination, outer_source)]
        new = (socket.inet_pton(socket.AF_INET6, care_of), ends[3]) if there else (ends[2], socket.inet_pton(socket.AF_INET6, care_of))
        selector = struct.pack("=16s16sHHHHHBBBxxxiI", ends[0], ends[1], 0, 0, 0, 0, socket.AF_INET6, 128, 128, 0, 0, 0)
        policy = selector + struct.pack("=IBxxx", 0, {"in": 0, "out": 1, "fwd": 2}[direction])
        template = struct.pack("=16s16s16s16sBBHIHH", ends[2], ends[3], new[0], new[1], 50, 1, 0, int(request), socket.AF_INET6, socket.AF_INET6)
        body = policy + struct.pack("=HH", 4 + len(template), 17) + template
        with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 6) as netlink:
            netlink.send(struct.pack("=IHHII", 16 + len(body), 0x21, 5, 1, 0) + body)
            error = struct.unpack("=i", netlink.recv(4096)[16:20])[0]
        say("migrate", direction, outer_source, outer_destination, "to", care_of, "error", error)


def binding_update(raw, home, care_of, message):
    sequence, flags, lifetime = struct.unpack("!HHH", message[6:12])
    there = {kind: (value, 12 + at) for kind, value, at in options(message[12:])}
    home_octets = socket.inet_pton(socket.AF_INET6, home)
    if 3 in there:
        care_of = there[3][0]
    care_of = care_of or home_octets
    away = lifetime > 0 and care_of != home_octets
    if PROTECTED:
        # IPsec vouches for it: the kernel has let it through
        say("bu", home, text(care_of), "seq", sequence, "lifetime", lifetime, "options", sorted(there))
        if TUNNEL:
            migrate(home, text(care_of))
        else:
            forget(home)
            if away:
                bind(home, text(care_of))
        if flags & 0x8000:
            raw.sendto(struct.pack("!BBBBHBBHH", 59, 1, 6, 0, 0, 0, 0, sequence, lifetime) + bytes((1, 2, 0, 0)), (home, 0))
        return
    nonces = struct.unpack("!HH", there[4][0])
    kbm = hashlib.sha1(token(home_octets, b"home") + (token(care_of, b"care-of") if away else b"")).digest()
    value, at = there[5]
    right = hmac.compare_digest(value, authenticator(kbm, care_of, message[:at + 2]))
    right = right and nonces[0] == NONCE_INDEX and (not away or nonces[1] == NONCE_INDEX)
    say("bu", home, text(care_of), "seq", sequence, "lifetime", lifetime, "authenticator", "right" if right else "WRONG")
    if not right:
        return
    forget(home)
    if away:
        bind(home, text(care_of))
    if flags & 0x8000:
        # fixed part, PadN of 6, authorization data at 8n+2
        ack = struct.pack("!BBBBHBBHH", 59, 3, 6, 0, 0, 0, 0, sequence, lifetime) + bytes((1, 4, 0, 0, 0, 0)) + bytes((5, 12))
        raw.sendto(ack + authenticator(kbm, care_of, ack), (home, 0))


def main():
    ip("state add src :: dst :: proto hao mode ro coa :: flag wildrecv")
    ip("policy add src ::/0 dst ::/0 proto mobility-header type 5 dir in ptype sub tmpl src :: dst :: proto hao mode ro level use")
    raw = socket.socket(socket.AF_INET6, socket.SOCK_RAW, 135)
    raw.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_RECVDSTOPTS, 1)
    raw.bind((CN, 0))
    say("ready")
    while True:
        message, ancillary, _, peer = raw.recvmsg(2000, 1000)
        source = peer[0]
        octets = socket.inet_pton(socket.AF_INET6, source)
        kind = message[2]
        if kind in (1, 2):
            name = "home" if kind == 1 else "care-of"
            say(name, "test init from", source, "with option" if swapped_care_of(ancillary) else "plain")
            answer = struct.pack("!BBBBHH", 59, 2, kind + 2, 0, 0, NONCE_INDEX) + message[8:16] + token(octets, name.encode())
            raw.sendto(answer, (source, 0))
        elif kind == 5:
            binding_update(raw, source, swapped_care_of(ancillary), message)
        else:
            say("type", kind, "from", source)


main()
