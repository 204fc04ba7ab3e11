"""The second door: the certificate of an electronic identity card, handed over by a proxy on a unix socket.

The proxy asks the card to sign the handshake; everything about the certificate is checked again here, at each
login, and what cannot be checked is refused.
"""
