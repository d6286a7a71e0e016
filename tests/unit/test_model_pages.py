"""The pages on models run as printed, and every public function of a model says its units, range and source."""

import doctest
import importlib
import inspect
import re
from pathlib import Path

import numpy as np
import pytest

from comity.antennas import PATTERNS
from comity.errors import ValidityError
from comity.propagation import itm, p525, p676, p2108, p2109

ROOT = Path(__file__).parents[2]
PAGES = sorted((ROOT / "docs/models").glob("*.md"))
MODELS = ["p452", "p525", "p676", "p1812", "p2108", "p2109", "itm"]
FUNCTIONS = [
    pytest.param(function, id=f"{model}.{name}")
    for model in MODELS
    for name, function in inspect.getmembers(importlib.import_module(f"comity.propagation.{model}"))
    if inspect.isfunction(function) and not name.startswith("_") and function.__module__.endswith(f".{model}")
]


def _examples(page: Path) -> str:
    return "\n".join(re.findall(r"```python\n(.*?)```", page.read_text(), re.DOTALL))


@pytest.mark.parametrize(
    "page", [page for page in PAGES if ">>>" in page.read_text()], ids=lambda page: page.stem
)
def test_the_examples_of_a_page_give_what_it_prints(page) -> None:
    test = doctest.DocTestParser().get_doctest(_examples(page), {}, page.name, str(page), 0)
    failed, attempted = doctest.DocTestRunner(verbose=False).run(test)
    assert (failed, attempted > 0) == (0, True)


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_public_function_says_units_range_and_source(function) -> None:
    text = inspect.getdoc(function) or ""
    assert "Parameters\n----------" in text
    assert "Notes\n-----" in text
    assert re.search(r"P\.\d{3,4}|ITM", text)
    described = text.split("Parameters\n----------")[1].split("\n----")[0]
    for name in inspect.signature(function).parameters:
        assert name.split("_km")[0] in described or name == "inputs", name
    assert re.search(r"\[(MHz|dB|dBi|dBW|km|m|%|deg|hPa)", described)


@pytest.mark.parametrize("name", PATTERNS)
def test_every_pattern_is_on_its_page(name) -> None:
    assert f"`{name}`" in (ROOT / "docs/models/antennas.md").read_text()


NOT_A_NUMBER = {
    "p525": lambda: p525.free_space_loss(np.nan, 1.0),
    "p676": lambda: p676.specific_attenuation([4000.0, np.nan]),
    "p2108": lambda: p2108.terrestrial_clutter_loss(4000.0, np.nan, 50.0),
    "p2109": lambda: p2109.building_entry_loss(4000.0, [50.0, np.nan]),
    "itm": lambda: itm.area(np.nan, 90.0, 900.0, tx_height_m=10.0, rx_height_m=2.0),
}


@pytest.mark.parametrize("model", NOT_A_NUMBER)
def test_a_value_that_is_not_a_number_is_refused(model) -> None:
    with pytest.raises(ValidityError) as caught:
        NOT_A_NUMBER[model]()
    assert "nan" in caught.value.render()
