"""Every option and argument of the command line: its type and its words, once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

import hopfield as hf

from ..base.checks import choice
from ..core.neurons import TIES
from ..scans.user import object_in

CALLED = {  # what the library calls otherwise -> where the command line says it
    **{"rng": "--seed", "shape": "--size", "pattern": "--size", "on": "--dask"},
    **{"patterns": "patterns of --store", "T": "--temperature", "limit": "--yes", "n": "--size"},
}
SEED = 0  # of every command, and of `hf.scan`
CODINGS = "bipolar", "01"
HALVES = "bottom", "top", "left", "right"
OWN = "FILE.py:NAME"  # what a file of the user's own calls a rule, a neuron, an order
NEURONS = "sign", "heatbath"
ORDERS: dict[str, Callable[[], Any]] = {
    "sync": hf.Sync,
    "shuffled": hf.Shuffled,
    "random": hf.Random,
    "sequential": hf.Sequential,
}


def option(text: str, metavar: str | None = None, *names: str, **more: Any) -> Any:
    """Return an option; its name is that of the parameter unless ``names`` are given."""
    return typer.Option(*names, metavar=metavar, help=text, **more)


def flag(text: str, name: str, **more: Any) -> Any:
    """Return an option that takes no value."""
    return option(text, None, name, **more)


def file(text: str, metavar: str = "FILE") -> Any:
    """Return an option that takes a file."""
    return option(text, metavar)


def argument(text: str, metavar: str = "FILE") -> Any:
    """Return what stands in the line without a name."""
    return typer.Argument(help=text, metavar=metavar)


def one_of(text: str, *known: str, default: str = "") -> Any:
    """Return an option that takes one of some names, or what a file calls by a name."""
    otherwise = f" [default: {default}]" if default else ""
    return option(f"{text}{', '.join(known)}, or {OWN}.{otherwise}", "NAME")


def named(text: str, name: str, known: Mapping[str, Any]) -> Any:
    """Return what an option's word stands for: one of some names, or FILE.py:NAME.

    Parameters
    ----------
    text : str
        The word.
    name : str
        The option.
    known : mapping
        What there is, by its name.

    Raises
    ------
    ValueError
        If there is no such name, no such file, or the file fails or does not define it.
    """
    path, colon, own = text.rpartition(":")
    if not (colon and path.endswith(".py")):
        return known[choice(text, f"{name} (or {OWN})", known)]
    found = object_in(path, own, name)
    if found is None:
        raise ValueError(f"{name} {path} defines no {own}")
    return found


def _version(wanted: bool) -> None:
    if wanted:
        print(f"hopfield {hf.__version__}")
        raise typer.Exit


Version = Annotated[bool, flag("Print the version.", "--version", callback=_version, is_eager=True)]


def before_the_command(version: Version = False) -> None:
    """Typer takes the options that stand before a command from here."""


# ---- of several commands -------------------------------------------------------------------

Seed = Annotated[int, option("Seed of every draw.", "INTEGER", min=0)]
Json = Annotated[bool, flag("Print one JSON document.", "--json")]

# ---- tour, gallery -------------------------------------------------------------------------

Pages = Annotated[Path, file("Where the pages go.", "FOLDER")]
Plates = Annotated[list[str] | None, argument("Which figures [default: all].", "NAME")]
List = Annotated[bool, flag("Print the names and titles.", "--list")]

# ---- recall --------------------------------------------------------------------------------

Stored = Annotated[
    list[Path], file("Pictures, arrays (.npy .npz .mat) or text (.csv .txt .dat).", "FILE ...")
]
Cue = Annotated[
    Path | None, file("Where to start, 0 for unknown [default: the first, flipped or blanked]")
]
Flip = Annotated[float | None, option("Flip this part of the cue.", "FRACTION")]
Blank = Annotated[
    str | None, option(f"Then forget its {', '.join(HALVES)} half, or a fraction.", "PART")
]
Clamp = Annotated[
    str | None,
    option("Hold the ink of this picture, or all that is known of the cue.", "FILE | known"),
]
Rule = Annotated[str, one_of("Learning rule: ", *hf.learning.RULES)]
Coding = Annotated[
    str, option("What the memory stores: bipolar, -1/+1; 01, 0/1, for neurons of 0/1.", "NAME")
]
Order = Annotated[str | None, one_of("Who moves when: ", *ORDERS, default="what the memory is for")]
Neuron = Annotated[str | None, one_of("", *NEURONS, default="what the memory is for")]
Tie = Annotated[
    str | None, option(f"Of sign, at a field of 0: {', '.join(TIES)} [default: keep]", "NAME")
]
Temperature = Annotated[float | None, option("Of heatbath, 0 or more.", "T")]
Sweeps = Annotated[int, option("Stop after so many at the latest.", "INTEGER", min=1)]
Size = Annotated[
    str | None, option("Resize pictures; say the shape of arrays, or N alone.", "ROWSxCOLS")
]
Threshold = Annotated[str, option("Ink is below otsu's, or 0 to 255; or dither.", "LEVEL")]
Mode = Annotated[
    str,
    option(
        f"What a pixel is: {', '.join(hf.pictures.MODES)}. Grey and colour are stored by their "
        "bits, 8 neurons a level.",
        "NAME",
    ),
]
Invert = Annotated[bool, flag("Ink is the light part.", "--invert")]
RecalledOut = Annotated[Path | None, file("Write what is recalled as a picture.")]
Animate = Annotated[Path | None, file("Film how the state falls.", "FILE.gif")]
Save = Annotated[Path | None, file("Save the result for hopfield.load.", "FILE.npz")]
SaveMemory = Annotated[Path | None, file("Save the memory for hopfield.load.", "FILE.npz")]

# ---- learn, sample -------------------------------------------------------------------------

Data = Annotated[list[Path], argument("Rows of two values: arrays, text or pictures.", "FILE ...")]
Machine = Annotated[Path, argument("What learn wrote: a Boltzmann machine.")]
Hidden = Annotated[int, option("Hidden neurons.", "INTEGER", min=0)]
Coupled = Annotated[bool, flag("Couple neurons of a layer, too.", "--coupled")]
Method = Annotated[
    str | None,
    option("exact, cd, pcd or pseudo [default: exact where it can be, else pcd]", "NAME"),
]
Epochs = Annotated[int, option("Times through the data, in all.", "INTEGER", min=1)]
Rate = Annotated[str, option("How far a step goes; FIRST:LAST falls.", "RATE")]
Batch = Annotated[int, option("Rows a step of cd and pcd.", "INTEGER", min=1)]
Decay = Annotated[
    str, option("Pull of couplings towards 0; COUPLINGS:BIASES of biases too.", "DECAY")
]
MachineOut = Annotated[Path | None, file("Save the machine for hopfield.load.", "FILE.npz")]
Keep = Annotated[
    Path | None,
    file("Keep the learning here, and go on with what is there.", "FILE.npz"),
]
Samples = Annotated[int, option("How many.", "INTEGER", min=1)]
SampledOut = Annotated[Path | None, file("Write the samples: a picture, or .npy.")]

# ---- info ----------------------------------------------------------------------------------

AnyFile = Annotated[Path, argument("A picture, array or store.")]

# ---- book, lab -----------------------------------------------------------------------------

Port = Annotated[int | None, option("Where [default: 8138, or a free one]", "PORT")]
Book = Annotated[Path | None, file("A built book [default: the installed one]", "FOLDER")]
NoOpen = Annotated[bool, flag("Only say the address.", "--no-open")]

# ---- grade ---------------------------------------------------------------------------------

Folder = Annotated[Path, argument("What students handed in: their .json files.", "FOLDER")]
Seconds = Annotated[int, option("How long one file may take.", "S")]
Megabytes = Annotated[int, option("How much memory one file may take, in megabytes.", "MB")]

# ---- scan, merge, plot, report -------------------------------------------------------------

Experiment = Annotated[str, option(f"{', '.join(hf.experiments.EXPERIMENTS)}, or {OWN}.", "NAME")]
Parameters = Annotated[
    list[str] | None, argument("One, some (1,2,3), START:STOP:COUNT.", "NAME=VALUES ...")
]
Repeats = Annotated[int | None, option("Samples a point; at most, with --until.", "INTEGER", min=1)]
Until = Annotated[
    str | None, option("Go on to this error bar (0.01), or so many successes (100).", "GOAL")
]
ScanOut = Annotated[Path | None, file("The store [default: the experiment's name, .db]")]
Workers = Annotated[int | None, option("Processes [default: one a core]", "INTEGER", min=1)]
Dask = Annotated[str | None, option("A scheduler (tcp://host:8786) or local.", "WHERE")]
Yes = Annotated[bool, flag("Run a grid of any size.", "--yes")]
MergeOut = Annotated[Path, argument("The store to write.", "OUT")]
Stores = Annotated[list[Path], argument("Stores to read.", "FILE ...")]
Store = Annotated[Path, argument("A store.")]
PlotOut = Annotated[Path | None, file("The picture [default: the store's name, .png]")]
ReportOut = Annotated[Path | None, file("The page [default: the store's name, .html]")]
Which = Annotated[str | None, option("Which, where the store holds several.", "NAME")]
AlongX = Annotated[str | None, option("The parameter along x.", "NAME")]
Where = Annotated[
    list[str] | None, option("Only these points; again for another parameter.", "NAME=VALUES")
]
AlongY = Annotated[str | None, option("The quantity to draw.", "NAME")]
