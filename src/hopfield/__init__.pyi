"""Every public name, and where it lives; `__init__.py` reads this file."""

from . import (
    experiments as experiments,
)
from . import (
    learning as learning,
)
from . import (
    models as models,
)
from . import (
    scans as scans,
)
from . import (
    theory as theory,
)
from .analysis import (
    landscape as landscape,
)
from .analysis import (
    testing as testing,
)
from .analysis.citation import (
    cite as cite,
)
from .analysis.diagnosis import (
    diagnose as diagnose,
)
from .core import (
    patterns as patterns,
    separation as separation,
)
from .core.memory import (
    Bias as Bias,
)
from .core.memory import (
    Couplings as Couplings,
)
from .core.memory import (
    Memory as Memory,
)
from .core.memory import (
    NoEnergy as NoEnergy,
)
from .core.memory import (
    Overlaps as Overlaps,
)
from .core.memory import (
    uniform_weights as uniform_weights,
)
from .core.neurons import (
    Anneal as Anneal,
)
from .core.neurons import (
    Graded as Graded,
)
from .core.neurons import (
    HeatBath as HeatBath,
)
from .core.neurons import (
    Linear as Linear,
)
from .core.neurons import (
    Potts as Potts,
)
from .core.neurons import (
    Sign as Sign,
)
from .core.orders import (
    Blocks as Blocks,
)
from .core.orders import (
    Flow as Flow,
)
from .core.orders import (
    Random as Random,
)
from .core.orders import (
    Sequential as Sequential,
)
from .core.orders import (
    Shuffled as Shuffled,
)
from .core.orders import (
    Sync as Sync,
)
from .core.patterns import (
    binarise as binarise,
)
from .core.patterns import (
    bipolar as bipolar,
)
from .core.patterns import (
    blank as blank,
)
from .core.patterns import (
    flip as flip,
)
from .core.patterns import (
    hamming as hamming,
)
from .core.patterns import (
    overlap as overlap,
)
from .core.patterns import (
    random_patterns as random_patterns,
)
from .core.patterns import (
    replace as replace,
)
from .core.recall import (
    Recall as Recall,
)
from .core.recall import (
    Run as Run,
)
from .core.recall import (
    energy as energy,
)
from .core.recall import (
    hamming_to as hamming_to,
)
from .core.recall import (
    overlaps as overlaps,
)
from .core.recall import (
    recall as recall,
)
from .core.recall import (
    states as states,
)
from .io import (
    files as files,
)
from .io import (
    pictures as pictures,
)
from .io.files import (
    load as load,
)
from .io.files import (
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
)
from .lessons import (
    gallery as gallery,
)
from .lessons import (
    tour as tour,
)
from .models import (
    dense as dense,
)
from .models import (
    modern as modern,
)
from .models import (
    optimise as optimise,
)
from .models import (
    sequence as sequence,
)
from .scans import (
    grid as grid,
)
from .scans import (
    scan as scan,
)
from .show import (
    plots as plots,
)
from .show import (
    reports as reports,
)

__version__: str
__all__: list[str]
