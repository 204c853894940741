"""The colours, by name and by role: those of Okabe and Ito, which people with any common colour blindness tell apart.

Source: M. Okabe and K. Ito, "Color Universal Design", 2008, https://jfly.uni-koeln.de/color/.
"""

BLUE, SKY, GREEN, ORANGE = "#0072B2", "#56B4E9", "#009E73", "#E69F00"
VERMILLION, PURPLE, YELLOW = "#D55E00", "#CC79A7", "#F0E442"

COLOURS = {
    "data": BLUE,
    "model": VERMILLION,
    "truth": GREEN,
    "residual": PURPLE,
    "loss": BLUE,
    "gradient": GREEN,
    "path": VERMILLION,
    "class 0": BLUE,
    "class 1": ORANGE,
    "negative": BLUE,
    "positive": VERMILLION,
    "ink": "#24292f",
    "muted": "#57606a",
    "grid": "#e6e9ed",
    "paper": "#ffffff",
}
# For several things of one kind (paths, curves, classes), in this order.
CYCLE = (BLUE, VERMILLION, GREEN, PURPLE, ORANGE, SKY, "#24292f")
