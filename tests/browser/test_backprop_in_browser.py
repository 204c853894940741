"""The backprop panel in a real JupyterLab: stepped, played, clicked, driven by keys, and given other inputs."""

import re

import pytest
from driving import Panel, keep_screenshot, run_all, write_notebook
from playwright.sync_api import expect

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("browser")]

DATA = """
import jax, jax.numpy as jnp
from dl_workshop import graph, losses, models, panels
def chain(w, b):
    x = 2 * w + 3 * b
    y = 2 * b + 1
    z = x * y
    return z
"""
NET = """
x = jax.random.normal(jax.random.key(0), (200, 2))
y = (x[:, 0] * x[:, 1] > 0).astype(float)
net = models.init_mlp(jax.random.key(1), (2, 3, 1))
panels.backprop(losses.logistic_loss, net, models.mlp_model, x, y, inputs=["w1[0, 1]", "b1[2]", "x[3, 0]"])
"""
BRITTLE = """
import time
slow = {"down": 0.0}
def brittle(w):
    time.sleep(slow["down"])
    return w * missing if slow["down"] else w ** 2
panels.backprop(brittle, 3.0)
"""
LOUD = "slow['down'] = 1.5"
STATIC = "graph.draw(graph.trace(losses.logistic_loss, net, models.mlp_model, x, y))"
ALL_PARAMS = "panels.backprop(losses.logistic_loss, net, models.mlp_model, x, y)"
CHAIN, MLP, FAILS, ALL = range(4)


@pytest.fixture(scope="module")
def page(open_notebook, tmp_path_factory):
    """Open a notebook with a panel for the chain, two for a net, one whose function fails later; and a drawing."""
    page = open_notebook(
        write_notebook(
            tmp_path_factory.mktemp("panels") / "backprop.ipynb",
            DATA,
            "panels.backprop(chain, 3.0, 4.0)",
            NET,
            BRITTLE,
            LOUD,
            ALL_PARAMS,
            STATIC,
        )
    )
    run_all(page)
    page.set_default_timeout(10_000)
    return page


def node(panel, name):
    """The box of a node: its title is its name."""
    return panel.box.locator("g.node").filter(has=panel.page.locator("text.name", has_text=re.compile(f"^{name}$")))


def written(panel, name, kind):
    """What stands in a row of a node's box."""
    rows = node(panel, name).locator(f"text.{kind}:not(:empty)")
    return rows.filter(has_not_text=re.compile("^∂$")).evaluate_all("rows => rows.map((row) => row.textContent)")


def value(panel, name):
    texts = written(panel, name, "value")
    return texts[0] if texts else None


def gradient(panel, name):
    texts = written(panel, name, "gradient")
    return texts[0] if texts else None


def lines(panel):
    """The lines of code that are marked."""
    return [text.strip() for text in panel.box.locator("code[aria-current=true]").all_inner_texts()]


def afresh(panel):
    """Back to the inputs, wherever an earlier test left the panel; there, the button has nothing to do."""
    if panel.button("Reset").is_enabled():
        panel.after(panel.button("Reset").click)


def test_forward_values_appear_in_order_and_backward_gradients(page):
    panel = Panel(page, CHAIN)
    panel.after(panel.button("Step").click)
    afresh(panel)
    assert (value(panel, "w"), value(panel, "b"), value(panel, "x"), value(panel, "z")) == ("3", "4", None, None)
    seen = []
    for _ in range(6):
        words = panel.after(panel.button("Step").click)
        seen.append((value(panel, "x"), value(panel, "y"), value(panel, "z")))
    assert seen == [
        (None,) * 3,
        (None,) * 3,
        ("18", None, None),
        ("18", None, None),
        ("18", "9", None),
        ("18", "9", "162"),
    ]
    assert "z = multiply of x (18) and y (9): 162" in words
    assert lines(panel) == ["z = x * y"]
    assert gradient(panel, "z") is None
    panel.after(panel.button("Step").click)
    assert (gradient(panel, "z"), gradient(panel, "x"), gradient(panel, "y")) == ("1", None, None)
    words = panel.after(panel.button("Step").click)
    assert (gradient(panel, "y"), gradient(panel, "x")) == ("18", None)
    assert "gradient of y = 1 × 18 = 18" in words
    assert panel.box.locator("g.edge.lit").count() == 1
    panel.after(panel.button("Back").click)
    assert gradient(panel, "y") is None
    words = panel.after(panel.button("To the end").click)
    assert (gradient(panel, "w"), gradient(panel, "b")) == ("18", "63")


def test_where_paths_join_the_products_and_their_sum_are_told(page):
    panel = Panel(page, CHAIN)
    afresh(panel)
    panel.after(panel.button("To the end").click)
    panel.after(node(panel, "b").click)
    rows = panel.box.locator(".dlw-about tbody tr").all_inner_texts()
    numbers = [[float(part) for part in re.findall(r"(?:^|\t|× )(\d+)(?=\t|\n|$)", row)] for row in rows]
    assert sorted(numbers) == [[9, 3, 27], [18, 2, 36]]
    assert panel.box.locator(".dlw-about tfoot").inner_text().split()[-1] == "63"
    assert "∂z/∂b = 63" in panel.box.locator(".dlw-about").inner_text()


def test_the_keyboard_alone_is_enough(page):
    panel = Panel(page, CHAIN)
    afresh(panel)
    panel.button("Step").focus()
    for _ in range(3):
        panel.after(lambda: page.keyboard.press("Enter"))
    assert value(panel, "x") == "18"
    for _ in range(20):  # Tab leads from the buttons into the graph, of which one node takes part
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.classList.contains('node')"):
            break
    first = page.evaluate("document.activeElement.getAttribute('aria-label')")
    panel.after(lambda: page.keyboard.press("End"))
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") != first
    assert lines(panel) == ["z = x * y"]
    while lines(panel) != ["x = 2 * w + 3 * b"]:
        panel.after(lambda: page.keyboard.press("ArrowLeft"))
    panel.after(lambda: page.keyboard.press("Home"))
    assert "w (params): 3" in page.evaluate("document.activeElement.getAttribute('aria-label')")
    assert lines(panel) == ["x = 2 * w + 3 * b"]  # where w is used
    assert page.locator(".jp-Cell.jp-mod-selected").count() == 1  # the notebook did not take the keys for itself


def test_an_input_moves_and_all_values_with_it(page):
    panel = Panel(page, CHAIN)
    afresh(panel)
    panel.after(panel.button("To the end").click)
    words = panel.type("w", 2.333333)
    assert value(panel, "z") == "150"
    assert gradient(panel, "b") == "60.33"  # 3 y + 2 x, with y = 9 and x = 16.667
    panel.press("b", "ArrowRight")
    assert panel.value("b") > 4
    panel.after(panel.button("First inputs").click)
    assert (value(panel, "z"), gradient(panel, "b"), words) == ("162", "63", words)


def test_it_plays_to_the_end_and_pauses(page):
    panel = Panel(page, CHAIN)
    afresh(panel)
    panel.button("Play").click()
    expect(panel.words).to_contain_text("forward 2 of 6")
    panel.after(panel.button("Pause").click)
    assert "forward" in panel.settled(1200)
    expect(panel.button("Play")).to_be_visible()


def test_a_net_shows_maps_shapes_and_rules(page):
    panel = Panel(page, MLP)
    panel.after(panel.button("Step").click)
    panel.after(panel.button("To the end").click)
    assert node(panel, "h").locator("rect[fill^='#']").count() > 10
    before = value(panel, "loss"), gradient(panel, "w1")
    panel.after(node(panel, "b1").click)
    table = panel.box.locator(".dlw-about").inner_text()
    assert "summed over the rows" in table
    panel.press("w1[0, 1]", *["PageUp"] * 3)
    assert (value(panel, "loss"), gradient(panel, "w1")) != before


def test_every_param_of_a_net_has_a_slider_that_can_be_reached(page):
    panel = Panel(page, ALL)
    sliders = panel.box.get_by_role("slider")
    assert sliders.count() == 15  # thirteen params, one number each of x and y
    expect(panel.box.get_by_text("613 numbers: 15 have a slider")).to_be_visible()
    panel.after(panel.button("To the end").click)
    sliders.last.scroll_into_view_if_needed()
    expect(sliders.last).to_be_in_viewport()
    before = value(panel, "loss"), gradient(panel, "b2")
    panel.press("b2[0]", *["PageUp"] * 3)
    assert (value(panel, "loss"), gradient(panel, "b2")) != before and panel.value("b2[0]") > 0
    expect(panel.slider("b2[0]")).to_be_in_viewport()


def test_a_function_that_is_slow_and_fails_says_so_and_the_picture_stays(page):
    panel = Panel(page, FAILS)
    words = panel.after(panel.button("To the end").click)
    panel.field("w").fill("5")
    panel.field("w").press("Enter")
    expect(panel.box.locator(".dlw-note").filter(has_text="Waiting")).to_be_visible()
    expect(panel.trouble).to_contain_text("missing", timeout=20_000)
    assert panel.words.inner_text() == words
    assert value(panel, "w") == "3"


def test_a_drawing_shows_itself_with_words(page):
    drawing = page.locator(".jp-OutputArea-output svg[role=img]").last
    drawing.scroll_into_view_if_needed()
    assert drawing.evaluate("svg => svg.getBoundingClientRect().width <= svg.parentElement.clientWidth + 1")
    name = drawing.get_attribute("aria-labelledby").split()[1]
    assert "tanh" in page.locator(f"#{name}").text_content()


def test_it_fits_light_and_dark_and_zoomed_screens(page):
    for theme, zoom in (("JupyterLab Light", 1), ("JupyterLab Dark", 1), ("JupyterLab Light", 2)):
        page.evaluate("theme => window.jupyterapp.commands.execute('apputils:change-theme', {theme})", theme)
        page.wait_for_selector(f"body[data-jp-theme-name='{theme}']", state="attached")
        page.set_viewport_size({"width": 1024 // zoom, "height": 900})
        for place, name, chosen in ((CHAIN, "chain", "b"), (MLP, "net", "w1")):
            panel = Panel(page, place)
            afresh(panel)
            for _ in range(9):
                panel.after(panel.button("Step").click)
            panel.settled()
            look = f"{theme[11:].lower()}{'_zoomed' if zoom > 1 else ''}"
            keep_screenshot(panel.box, f"backprop_{name}_under_way_{look}")
            panel.after(panel.button("To the end").click)
            panel.after(node(panel, chosen).click)
            panel.settled()
            wide, seen = panel.box.evaluate("box => [box.scrollWidth, box.clientWidth]")
            assert wide <= seen
            assert contrast(panel, "text.name") > 7 and contrast(panel, "text.gradient") > 4.5
            keep_screenshot(panel.box, f"backprop_{name}_{look}")


def contrast(panel, what):
    """Contrast of words with the paper of the panel, by WCAG 2.1."""
    ink, paper = panel.box.evaluate(
        """(box, what) => {
        const pen = document.createElement("canvas").getContext("2d");
        const rgb = (colour) => {
            pen.fillStyle = colour;
            pen.fillRect(0, 0, 1, 1);
            return [...pen.getImageData(0, 0, 1, 1).data];
        };
        return [rgb(getComputedStyle(box.querySelector(what)).fill), rgb(getComputedStyle(box).backgroundColor)];
    }""",
        what,
    )

    def luminance(colour):
        parts = [c / 255 for c in colour[:3]]
        parts = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]

    low, high = sorted((luminance(ink), luminance(paper)))
    return (high + 0.05) / (low + 0.05)
