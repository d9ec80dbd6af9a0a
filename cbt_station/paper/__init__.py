"""Paper: what every printed thing shares: the page and its parts, our fonts, the QR code, dates and numbers in words.

May import `words`, `errors` and reportlab, qrcode. Absent on purpose: what is printed (each room draws its own papers),
signing (`sealing.pades`), files but our own fonts, clocks. Lengths are millimetres from the top left corner of the
page; sizes of type are points. The same content gives the same bytes.
"""
