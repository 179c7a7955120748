"""A mobile node's signalling for a Linux kernel: sends one binding update from the home address and waits for the acknowledgement.

mobile.py HOME AGENT CAREOF SEQUENCE: prints "ba STATUS SEQUENCE LIFETIME", or "nothing".
"""
import socket
import struct
import sys

home, agent, care_of, sequence = sys.argv[1:]
raw = socket.socket(socket.AF_INET6, socket.SOCK_RAW, 135)
raw.bind((home, 0))
raw.settimeout(6)
# acknowledge, home registration; lifetime 10 units of 4 s; PadN of 4 brings the alternate care-of address to 8n+6
update = struct.pack("!BBBBHHHH", 59, 3, 5, 0, 0, int(sequence), 0xC000, 10) + bytes((1, 0)) + bytes((3, 16)) + socket.inet_pton(socket.AF_INET6, care_of)
raw.sendto(update, (agent, 0))
try:
    while True:
        message, source = raw.recvfrom(2000)
        if message[2] == 6 and source[0] == agent:
            print("ba", message[6], *struct.unpack("!HH", message[8:12]))
            break
except TimeoutError:
    print("nothing")
