"""Where a panel cannot move it leaves words: in a terminal, in plain Python; and Colab is asked to let it move."""

import subprocess
import sys
from types import ModuleType, SimpleNamespace

import pytest

from dl_workshop.panels import descend

SHOW = "from dl_workshop import panels; panel = panels.descend(lambda w: w**2, w=4.0, step_size=0.1)\npanel\n"


@pytest.mark.slow
@pytest.mark.parametrize(
    "python", [["-m", "IPython", "--simple-prompt", "--no-banner"], ["-i", "-q"]], ids=["IPython", "Python"]
)
def test_a_terminal_shows_the_words_of_a_panel(python, tmp_path, monkeypatch):
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path))
    shown = subprocess.run([sys.executable, *python], input=SHOW, capture_output=True, text=True, timeout=120)
    assert "Panel: step 0: w = 4 slope 8, so the next step goes 0.8 to the left" in shown.stdout
    assert "Traceback" not in shown.stdout + shown.stderr
    assert len(shown.stdout) < 1000  # and no settings, JavaScript or pictures


def test_on_colab_its_manager_of_widgets_is_switched_on_before_a_panel_is_shown(monkeypatch):
    """Colab cannot run here: this stands for the one function of it that panels need."""
    asked, url = [], "https://colab.example/manager.js"
    output = ModuleType("google.colab.output")
    output.enable_custom_widget_manager = lambda: asked.append("on")
    output._widgets = SimpleNamespace(_installed_url=url)
    monkeypatch.setitem(sys.modules, "google.colab.output", output)
    from anywidget import _util

    _util.enable_custom_widget_manager_once.cache_clear()
    data, metadata = descend(lambda w: w**2)._repr_mimebundle_()
    _util.enable_custom_widget_manager_once.cache_clear()
    assert asked == ["on"]
    assert metadata["application/vnd.jupyter.widget-view+json"]["colab"]["custom_widget_manager"]["url"] == url
    assert data["text/plain"].startswith("Panel: step 0")
