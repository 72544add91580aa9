"""An SMTP server for the tests: aiosmtpd, which keeps each mail as a file of the folder it is given.

Prints its port when it listens, and ends when its standard input does. Who a mail is for says what becomes of it:
later@ is answered 451, nobody@ 550, full@ 552 to DATA, spam@ 554 after the text, hang@ is never answered, once@ not
the first time (and "hanging" is printed when that begins); everybody else gets it. From nobody@ it takes no mail, and
a client named "stranger" is not even let in.
"""

import asyncio
import pathlib
import sys

from aiosmtpd.smtp import SMTP

ANSWERS = {"later": "451-4.2.0 Not now\r\n451 4.2.0 Later", "nobody": "550 5.1.1 Nobody of that name"}
NO_ENTRY = "554 5.7.1 No strangers"


class Server(SMTP):
    async def smtp_DATA(self, arg):
        if "full" in map(local_part, self.envelope.rcpt_tos):
            await self.push("552 5.2.2 Full")
        else:
            await super().smtp_DATA(arg)


def local_part(address):
    return address.partition("@")[0]


class Handler:
    def __init__(self, folder):
        self.folder = folder
        self.mails = 0
        self.connections = 0
        self.has_hung = False

    async def handle_EHLO(self, server, session, envelope, hostname, responses):
        session.host_name = hostname
        return [NO_ENTRY] if hostname == "stranger" else responses

    async def handle_HELO(self, server, session, envelope, hostname):
        session.host_name = hostname
        return NO_ENTRY if hostname == "stranger" else f"250 {server.hostname}"

    async def handle_MAIL(self, server, session, envelope, address, options):
        if local_part(address) == "nobody":
            return "550 5.1.0 Nobody"
        envelope.mail_from = address
        return "250 2.1.0 Ok"

    async def handle_RCPT(self, server, session, envelope, address, options):
        answer = ANSWERS.get(local_part(address))
        if answer is None:
            envelope.rcpt_tos.append(address)
        return answer or "250 2.1.5 Ok"

    async def handle_DATA(self, server, session, envelope):
        names = [local_part(address) for address in envelope.rcpt_tos]
        if "spam" in names:
            return "554 5.6.0 Not this text"
        if "hang" in names or ("once" in names and not self.has_hung):
            self.has_hung = True
            print("hanging", flush=True)
            await asyncio.Event().wait()
        self.keep(session, envelope)
        return "250 2.0.0 Ok"

    def keep(self, session, envelope):
        lines = [f"MAIL FROM:<{envelope.mail_from}>"]
        lines += [f"RCPT TO:<{address}>" for address in envelope.rcpt_tos]
        # The port tells connections apart.
        head = "\n".join(lines + ["DATA", f"X-Peer-Port: {session.peer[1]}", ""]).encode()
        self.mails += 1
        (self.folder / f"{self.mails:016x}.eml").write_bytes(head + envelope.content)


async def main():
    handler = Handler(pathlib.Path(sys.argv[1]))
    port = int(sys.argv[2]) if len(sys.argv) > 2 else 0
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Server(handler, timeout=3600), "127.0.0.1", port)
    print(server.sockets[0].getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)


asyncio.run(main())
