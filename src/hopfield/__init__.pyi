"""Every public name, and where it lives; `__init__.py` reads this file."""

from . import (
    boltzmann as boltzmann,
    experiments as experiments,
    lab as lab,
    learning as learning,
    models as models,
    scans as scans,
    theory as theory,
)
from .analysis import (
    landscape as landscape,
    testing as testing,
)
from .analysis.citation import (
    cite as cite,
)
from .analysis.diagnosis import (
    diagnose as diagnose,
)
from .analysis.versions import (
    show_versions as show_versions,
)
from .base.threads import (
    threads as threads,
)
from .core import (
    patterns as patterns,
    record as record,
    separation as separation,
)
from .core.couplings import (
    Couplings as Couplings,
    uniform_weights as uniform_weights,
)
from .core.hebbian import (
    DenseMemory as DenseMemory,
    Hebbian as Hebbian,
)
from .core.memory import (
    Bias as Bias,
    Memory as Memory,
    NoEnergy as NoEnergy,
)
from .core.neurons import (
    Anneal as Anneal,
    Graded as Graded,
    HeatBath as HeatBath,
    Linear as Linear,
    Potts as Potts,
    Sign as Sign,
)
from .core.orders import (
    Blocks as Blocks,
    Flow as Flow,
    Given as Given,
    Random as Random,
    Sequential as Sequential,
    Shuffled as Shuffled,
    Sync as Sync,
)
from .core.patterns import (
    binarise as binarise,
    bipolar as bipolar,
    blank as blank,
    flip as flip,
    hamming as hamming,
    overlap as overlap,
    random_patterns as random_patterns,
    replace as replace,
)
from .core.recall import (
    Recall as Recall,
    Run as Run,
    recall as recall,
)
from .io import (
    files as files,
    pictures as pictures,
)
from .io.files import (
    load as load,
    save as save,
)
from .io.inputs import (
    read_patterns as read_patterns,
)
from .learning import (
    hebb as hebb,
)
from .lessons import (
    course as course,
    gallery as gallery,
    tour as tour,
)
from .models import (
    dense as dense,
    modern as modern,
    optimise as optimise,
    sequence as sequence,
)
from .scans import (
    grid as grid,
    scan as scan,
)
from .show import (
    plots as plots,
    reports as reports,
)

__version__: str
__all__: list[str]
