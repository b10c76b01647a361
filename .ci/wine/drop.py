#!/usr/bin/env python3
"""drop.py X Y FILE…: drops files on the window that lies at X, Y of the screen, as a file manager would.

Speaks XDND 5 (freedesktop.org), for want of a program that does. Needs python3-xlib.
"""

import sys
import time
from pathlib import Path

from Xlib import X, Xatom, display
from Xlib.protocol import event


def target(screen, atom, at):
    """The innermost window there that takes drops."""
    window, found = screen.root, None
    while window:
        if window.get_full_property(atom("XdndAware"), X.AnyPropertyType):
            found = window
        window = window.translate_coords(screen.root, *at).child
    return found


def main():
    x, y, files = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:]
    connection = display.Display()
    screen, atom = connection.screen(), connection.intern_atom
    source = screen.root.create_window(0, 0, 1, 1, 0, screen.root_depth)
    source.set_selection_owner(atom("XdndSelection"), X.CurrentTime)
    onto = target(screen, atom, (x, y))
    if onto is None:
        sys.exit("no window there takes drops")
    uris = "".join(f"{Path(name).resolve().as_uri()}\r\n" for name in files).encode()
    kind = atom("text/uri-list")
    copy = atom("XdndActionCopy")

    def send(name, *words):
        data = (32, [source.id, *words, *[0] * (4 - len(words))])
        onto.send_event(event.ClientMessage(window=onto, client_type=atom(name), data=data))
        connection.flush()

    def answer(request):
        if request.target == kind:
            request.requestor.change_property(request.property, kind, 8, uris)
        elif request.target == atom("TARGETS"):
            request.requestor.change_property(request.property, Xatom.ATOM, 32, [kind])
        else:
            request.property = X.NONE
        request.requestor.send_event(event.SelectionNotify(
            time=request.time, requestor=request.requestor, selection=request.selection,
            target=request.target, property=request.property))
        connection.flush()

    send("XdndEnter", 5 << 24, kind)
    is_dropped, until = False, time.time() + 20
    moved = 0.0
    while time.time() < until:
        while connection.pending_events():
            told = connection.next_event()
            if told.type == X.SelectionRequest:
                answer(told)
            elif told.type == X.ClientMessage and told.client_type == atom("XdndFinished"):
                return
            elif told.type == X.ClientMessage and told.client_type == atom("XdndStatus"):
                if told.data[1][1] & 1 and not is_dropped:
                    send("XdndDrop", 0, X.CurrentTime)
                    is_dropped = True
        if not is_dropped and time.time() - moved > 0.3:
            send("XdndPosition", 0, x << 16 | y, X.CurrentTime, copy)
            moved = time.time()
        time.sleep(0.02)
    sys.exit("the drop was not taken")


main()
