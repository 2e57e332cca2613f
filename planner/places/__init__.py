"""A packaged table of cities with coordinates: about 530 in China and 480 elsewhere.

Made from GeoNames (https://www.geonames.org), licensed under CC BY 4.0; names and coordinates are theirs,
the selection is ours.
"""

from __future__ import annotations

import csv
import unicodedata
from functools import cache
from importlib.resources import files


@cache
def city_key(name: str) -> str:
    """A city's name for comparison: one form of width and case, without accents, spaces, and the 市 of a city."""
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", name)).casefold()
    bare = "".join(sign for sign in folded if not unicodedata.combining(sign) and sign.isalnum())
    return bare[:-1] if bare.endswith("市") and len(bare) > 2 else bare


@cache
def cities() -> dict[str, tuple[float, float]]:
    """City key → latitude and longitude in degrees, for Chinese and English names; of two cities of one name
    the larger."""
    table: dict[str, tuple[float, float]] = {}
    text = files(__package__).joinpath("cities.csv").read_text(encoding="utf-8")
    for row in csv.DictReader(text.splitlines()):
        place = float(row["latitude"]), float(row["longitude"])
        for name in (row["name_zh"], row["name_en"]):
            if name:
                table.setdefault(city_key(name), place)
    return table


@cache
def city_names() -> tuple[str, ...]:
    """Every name of the table as written, for proposals of spelling."""
    text = files(__package__).joinpath("cities.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    return tuple(row[column] for row in rows for column in ("name_zh", "name_en") if row[column])
