"""A part that trains a network of Keras on drawn images, to set it beside the plain one."""

import shutil
import time
from dataclasses import dataclass

from cancerapy.evaluation.measure import Figure
from cancerapy.reproduce._spec import Context, Yield
from cancerapy.reproduce.plain.drawn_images import FOLD
from cancerapy.reproduce.plain.drawn_part import DrawnPart
from cancerapy.reproduce.plain.network_part import CPU_SECONDS
from cancerapy.reproduce.trained import (
    PLANS,
    epochs_of,
    measure_part,
    quick_changes,
    training_figures,
)
from cancerapy.training.plan import read_plan, resolve_plan
from cancerapy.training.progress import RichDisplay


@dataclass(frozen=True, slots=True)
class DrawnCnnPart(DrawnPart):
    """A network of Keras trained once on drawn images."""

    def run(self, context: Context) -> Yield:
        """Train, predict the test part and measure; the time includes building the network."""
        # Keras comes with these: listing the experiments does not wait for it.
        import keras

        from cancerapy.training.material import Material
        from cancerapy.training.run_folder import RunFolder
        from cancerapy.training.train_split import run_split

        cancer, folder, settings = self.load_cancer(), context.folder(self.name), context.settings
        values = read_plan(context.plans / PLANS / self.plan)
        plan = resolve_plan(cancer, values)
        if context.quick:
            plan = resolve_plan(cancer, values, quick_changes(plan))
        # Going on with an interrupted training would measure the time of its rest.
        shutil.rmtree(folder, ignore_errors=True)
        keras.config.set_dtype_policy(plan.precision)
        with RichDisplay(f"{cancer.id}, {self.name}") as display:
            drawn = self.images.open(context, display)
            material = Material(
                cancer, plan, drawn.manifest, settings.cache, settings.weights, display
            )
            n_pixels = len(material.pixels)  # decodes them, which is no part of the training
            display.say(f"{len(drawn.split.train)} of {n_pixels} images are trained on")
            run, began = RunFolder(folder / "run" / FOLD), time.process_time()
            run.write_plan(plan, {"cancer": cancer.id, "protocol": self.protocol})
            run_split(material, drawn.split, run, self.predictions(context) / f"{FOLD}.csv")
            seconds = time.process_time() - began
        drawn.write_record(self.predictions(context), self.protocol, plan.to_dict())
        nan = float("nan")
        figures = [*training_figures([run.path]), Figure(CPU_SECONDS, seconds, nan, nan)]
        return Yield(measure_part(self, context, figures), epochs_of(run.path))
