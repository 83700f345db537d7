"""Attacks over sockets: the machine's ports, other rooms' sockets, the template, and the world outside."""

from __future__ import annotations

import fcntl
import json
import os
import socket
import struct

from tests.integration.attacks.trick import At, trick


def connect(port: int, protocol: int = 0, host: str = "127.0.0.1") -> str:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM, protocol) as line:
        line.settimeout(1)
        line.connect((host, port))
    return f"connected to port {port}"


@trick
def connect_to_the_hub(at: At) -> object:
    return connect(at["ports"]["hub"])


@trick
def connect_to_the_public_port(at: At) -> object:
    return connect(at["ports"]["public"])


@trick
def connect_to_the_proxys_interface(at: At) -> object:
    return connect(at["ports"]["proxy_api"])


@trick
def connect_to_the_desk(at: At) -> object:
    return connect(at["ports"]["desk"])


@trick
def connect_to_the_grading_service(at: At) -> object:
    return connect(at["ports"]["grading"])


@trick
def connect_to_anothers_server(at: At) -> object:
    return connect(at["other_port"])


@trick
def connect_to_the_own_server(at: At) -> object:
    return connect(at["server_port"])


@trick
def connect_to_the_machines_own_address(at: At) -> object:
    return connect(at["listener_port"], host=at["machine_address"])


@trick
def connect_over_ipv6(at: At) -> object:
    with socket.socket(socket.AF_INET6, socket.SOCK_STREAM) as line:
        line.settimeout(1)
        line.connect(("::ffff:127.0.0.1", at["ports"]["hub"]))
    return "connected"


@trick
def connect_over_multipath_tcp(at: At) -> object:
    return connect(at["ports"]["hub"], 262)


@trick
def connect_by_fast_open(at: At) -> object:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as line:
        line.settimeout(1)
        line.sendto(b"GET / HTTP/1.0\r\n\r\n", 0x20000000, ("127.0.0.1", at["ports"]["hub"]))
        return line.recv(10)


@trick
def send_a_datagram(at: At) -> object:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
        line.settimeout(1)
        line.sendto(b"attack", ("127.0.0.1", at["datagram_port"]))
        return line.recv(10)


@trick
def ask_a_name_server(at: At) -> object:
    return socket.gethostbyname("example.org")


@trick
def send_raw_packets(at: At) -> object:
    with socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP):
        return "a raw socket"


@trick
def sniff_packets(at: At) -> object:
    with socket.socket(17, socket.SOCK_RAW, 0x0300):
        return "a packet socket"


@trick
def use_a_virtual_machines_socket(at: At) -> object:
    with socket.socket(40, socket.SOCK_STREAM) as line:
        line.settimeout(1)
        return f"a socket, {line.connect_ex((2, 1024))}"


@trick
def listen_where_others_connect(at: At) -> object:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as line:
        line.bind(("127.0.0.1", 0))
        line.listen()
        return os.stat("/proc/self/ns/net").st_ino == at["net_namespace"] and "others can connect"


@trick
def listen_without_binding(at: At) -> object:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as line:
        line.listen()
        return os.stat("/proc/self/ns/net").st_ino == at["net_namespace"] and line.getsockname()


@trick
def ask_the_template_for_a_process(at: At) -> object:
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as line:
        line.settimeout(2)
        line.connect(at["template"])
        line.send(b"hello")
        return line.recv(100)


@trick
def order_a_process_of_the_template(at: At) -> object:
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as line:
        line.settimeout(2)
        line.connect(at["template"])
        socket.send_fds(line, [json.dumps({"module": "this"}).encode()], [0, 1, 2])
        return line.recv(1000)


@trick
def speak_to_anothers_room(at: At) -> object:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
        line.settimeout(2)
        line.connect(at["other_service"])
        line.sendall(b'{"kind": "attempts"}')
        line.shutdown(socket.SHUT_WR)
        return line.recv(100)


@trick
def speak_to_an_abstract_socket(at: At) -> object:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
        line.settimeout(1)
        line.connect(f"\0{at['abstract']}")
    return "connected"


@trick
def take_the_claim_on_a_port(at: At) -> object:
    with open(f"{at['claims']}/{at['claimed_port']}", "wb") as claim:
        fcntl.flock(claim, fcntl.LOCK_EX | fcntl.LOCK_NB)
    return "taken"


@trick
def speak_to_the_system_bus(at: At) -> object:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
        line.connect(at["bus"])
    return "connected"


@trick
def list_the_machines_connections(at: At) -> object:
    with open("/proc/self/net/tcp", encoding="ascii") as file:
        wanted = f":{at['ports']['hub']:04X}"
        return any(wanted in line for line in file) and "the hub's connections"


@trick
def hear_the_kernels_news(at: At) -> object:
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0) as line:
        line.bind((0, 1))
        line.send(struct.pack("IHHIIBxHiII", 32, 18, 0x301, 1, 0, 0, 0, 0, 0, 0))
        names = line.recv(65536)
        return at["interface"].encode() in names and "the machine's interfaces"
