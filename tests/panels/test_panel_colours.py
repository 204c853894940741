"""The panels' colours, as people with red-green blindness see them: roles that share a picture stay apart."""

import itertools
import re

import numpy as np
import pytest

from dl_workshop.panels.javascript import HERE

# Matrices for linear RGB at full severity.
# Source: G. Machado, M. Oliveira, L. Fernandes, "A Physiologically-based Model for Simulation of Color Vision
# Deficiency", IEEE TVCG 15 (6), 2009, table 1.
SEEN_WITH = {
    "all cones": np.eye(3),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
}
TOGETHER = [
    ("data", "model", "residual", "truth"),
    ("class0", "class1"),
    ("class0", "class1", "class2", "class3"),
    ("path", "gradient", "loss"),
    ("loss", "test"),
    ("loss", "model", "truth"),
    ("path", "data"),
]
ROLES = {
    theme: dict(re.findall(r'(\w+): "(#\w{6})"', part))
    for theme, part in re.findall(
        r"(light|dark): \{(.*?)\}", (HERE / "drawing.js").read_text().split("ROLES =")[1].split("};")[0], re.S
    )
}


def linear(colour):
    """Give a hex colour as linear RGB, 0 to 1 (IEC 61966-2-1)."""
    value = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)


def lab(rgb):
    """Give linear RGB as CIE L*a*b*, in which distances are about those that are seen: 2.3 is just noticeable."""
    xyz = (
        np.array(
            [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
        )
        @ np.clip(rgb, 0, 1)
        / [0.95047, 1.0, 1.08883]
    )
    f = np.where(xyz > (6 / 29) ** 3, np.cbrt(xyz), xyz / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def apart(one, other, eye):
    return np.linalg.norm(lab(SEEN_WITH[eye] @ linear(one)) - lab(SEEN_WITH[eye] @ linear(other)))


@pytest.mark.parametrize("eye", SEEN_WITH)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_roles_that_share_a_picture_are_told_apart(theme, eye):
    roles = ROLES[theme]
    for names in TOGETHER:
        for one, other in itertools.combinations(names, 2):
            distance = apart(roles[one], roles[other], eye)
            assert distance > 15, f"{one} and {other}: {distance:.1f}"


def test_the_simulation_knows_a_pair_that_is_not_told_apart():
    assert apart("#c02020", "#6b6b00", "all cones") > 50
    assert apart("#c02020", "#6b6b00", "deuteranopia") < 15
