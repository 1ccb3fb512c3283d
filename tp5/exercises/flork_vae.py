"""Notebook 05: the KL divergence, the reparameterization and its gradient, turning round."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..analysis import interpolate, unsure_share
from ..networks.gradient_check import central_differences
from ..networks.losses import kl_divergence
from .code import Code
from .explore import Explore
from .running import Mistake
from .think import Think

# --- The KL divergence --------------------------------------------------------------------------


def posteriors() -> list[tuple[np.ndarray, np.ndarray]]:
    """Means and log variances of some encoders."""
    rng = np.random.default_rng(11)
    return [tuple(rng.normal(size=(2, *shape))) for shape in ((4, 2), (6, 3), (3, 1))]


def _kl(term: Any) -> Any:
    """Return a wrong KL: another formula for one latent of one sample."""
    return lambda mu, log_var: 0.5 * term(mu, log_var).sum(axis=1).mean()


kl = Code(
    "kl",
    5,
    (
        "with mu = 1 and a variance of 1, so log_var = 0, one latent has a KL of ½.",
        "½·(mu² + e^log_var − 1 − log_var) for each latent; the sum over latents (axis 1), then "
        "the mean over samples.",
    ),
    reference=kl_divergence,
    cases=posteriors,
    factors=lambda mu, log_var: {
        "n, the number of samples": mu.shape[0],
        "n, the number of latents": mu.shape[1],
    },
    mistakes={
        "the − 1 is missing: a standard normal has a KL of 0.": _kl(
            lambda mu, s: mu**2 + np.exp(s) - s
        ),
        "log_var is taken for σ: σ² = e^log_var.": _kl(
            lambda mu, s: mu**2 + s**2 - 1 - np.log(s**2)
        ),
        "log_var is taken for ln σ: it is ln σ², so e^log_var is σ², not σ.": _kl(
            lambda mu, s: mu**2 + np.exp(2 * s) - 1 - 2 * s
        ),
        "e^(log_var/2) is σ; the formula wants σ² = e^log_var.": _kl(
            lambda mu, s: mu**2 + np.exp(s / 2) - 1 - s
        ),
        "log_var has the wrong sign: ln σ² is subtracted.": _kl(
            lambda mu, s: mu**2 + np.exp(s) - 1 + s
        ),
        "mu is not squared.": _kl(lambda mu, s: mu + np.exp(s) - 1 - s),
        "the term − log_var is missing.": _kl(lambda mu, s: mu**2 + np.exp(s) - 1),
    },
)

# --- The reparameterization ---------------------------------------------------------------------


def draw(mu: np.ndarray, log_var: np.ndarray, eps: np.ndarray) -> np.ndarray:
    """Z = mu + σ ⊙ eps with σ = e^(log_var/2)."""
    return mu + np.exp(log_var / 2) * eps


def draws() -> list[tuple[np.ndarray, ...]]:
    """Posteriors and standard normal draws."""
    rng = np.random.default_rng(12)
    return [tuple(rng.normal(size=(3, *shape))) for shape in ((4, 2), (5, 3))]


reparameterize = Code(
    "reparameterize",
    5,
    (
        "z = mu + σ·eps. What is σ if log_var = ln σ²?",
        "σ = np.exp(log_var / 2).",
    ),
    reference=draw,
    cases=draws,
    mistakes={
        "e^log_var is the variance σ²; the draw is scaled by σ = e^(log_var/2).": (
            lambda mu, s, eps: mu + np.exp(s) * eps
        ),
        "log_var is taken for σ: σ = e^(log_var/2).": lambda mu, s, eps: mu + s * eps,
        "log_var/2 is ln σ; the exponential is missing.": lambda mu, s, eps: mu + s / 2 * eps,
        "σ is missing: eps must be scaled by the width of the cloud.": lambda mu, s, eps: mu + eps,
        "mu is missing: the cloud has a centre.": lambda mu, s, eps: np.exp(s / 2) * eps,
        "eps is missing: this is the edge of the cloud, not a draw.": (
            lambda mu, s, eps: mu + np.exp(s / 2)
        ),
        "eps has the wrong sign: z = mu + σ·eps.": lambda mu, s, eps: mu - np.exp(s / 2) * eps,
    },
)

# --- Its gradient -------------------------------------------------------------------------------


def gradient_through_draw(
    dL_dz: np.ndarray, mu: np.ndarray, log_var: np.ndarray, eps: np.ndarray, beta: float
) -> tuple[np.ndarray, np.ndarray]:
    """dL/dmu = dL/dz + β·mu; dL/dlog_var = dL/dz ⊙ ½·σ·eps + β/2·(σ² − 1)."""
    sigma = np.exp(log_var / 2)
    dL_dmu = dL_dz + beta * mu
    dL_dlog_var = dL_dz * 0.5 * sigma * eps + beta / 2 * (sigma**2 - 1)
    return dL_dmu, dL_dlog_var


def errors_at_z() -> list[tuple[Any, ...]]:
    """What comes from the decoder, a posterior, a draw and a β."""
    rng = np.random.default_rng(13)
    return [(*rng.normal(size=(4, 5, 2)), beta) for beta in (1.0, 4.0, 0.1)]


def slope_through_draw(
    dL_dz: np.ndarray, mu: np.ndarray, log_var: np.ndarray, eps: np.ndarray, beta: float
) -> tuple[np.ndarray, np.ndarray]:
    """The same by central differences of Σ dL/dz·z + β·KL, where dL/dz and eps stand still."""

    def loss(mu: np.ndarray, log_var: np.ndarray) -> np.ndarray:
        divergence = 0.5 * (mu**2 + np.exp(log_var) - 1 - log_var)
        return (dL_dz * draw(mu, log_var, eps) + beta * divergence).sum(axis=(-2, -1))

    def of_mu(theta: np.ndarray) -> np.ndarray:
        return loss(theta.reshape(-1, *mu.shape), log_var)

    def of_log_var(theta: np.ndarray) -> np.ndarray:
        return loss(mu, theta.reshape(-1, *mu.shape))

    by_mu = central_differences(of_mu, mu.ravel()).reshape(mu.shape)
    return by_mu, central_differences(of_log_var, log_var.ravel()).reshape(mu.shape)


def _through(rule: Any) -> Any:
    """Return a wrong gradient: two formulas of (d, mu, σ, eps, β)."""
    return lambda d, mu, log_var, eps, beta: rule(d, mu, np.exp(log_var / 2), eps, beta)


draw_backward = Code(
    "draw_backward",
    5,
    (
        "differentiate z = mu + σ·eps by mu and by log_var; then add what the KL says.",
        "dz/dmu = 1; and since σ = e^(log_var/2), dz/dlog_var = ½·σ·eps.",
        "each of the two hears from the KL as well: β·mu, and β/2·(σ² − 1).",
    ),
    reference=gradient_through_draw,
    cases=errors_at_z,
    truth=slope_through_draw,
    parts=("dL/dmu", "dL/dlog_var"),
    rtol=1e-5,
    atol=1e-7,
    where=lambda *args: f"β = {args[-1]:g}; the true values are central differences",
    factors=lambda *args: {"β": args[-1], "n, the number of samples": len(args[0])},
    mistakes={
        "the KL is missing: each of the two gradients has a term with β.": _through(
            lambda d, mu, s, eps, b: (d, d * 0.5 * s * eps)
        ),
        "the KL's terms lack the factor β.": _through(
            lambda d, mu, s, eps, b: (d + mu, d * 0.5 * s * eps + 0.5 * (s**2 - 1))
        ),
        "dL/dlog_var: a factor ½ is missing in dz/dlog_var = ½·σ·eps.": _through(
            lambda d, mu, s, eps, b: (d + b * mu, d * s * eps + b / 2 * (s**2 - 1))
        ),
        "dL/dlog_var: a factor ½ is missing in the KL's term, β/2·(σ² − 1).": _through(
            lambda d, mu, s, eps, b: (d + b * mu, d * 0.5 * s * eps + b * (s**2 - 1))
        ),
        "dL/dlog_var: σ is missing in dz/dlog_var = ½·σ·eps.": _through(
            lambda d, mu, s, eps, b: (d + b * mu, d * 0.5 * eps + b / 2 * (s**2 - 1))
        ),
        "dL/dlog_var: the KL's term is β/2·(σ² − 1), with σ squared.": _through(
            lambda d, mu, s, eps, b: (d + b * mu, d * 0.5 * s * eps + b / 2 * (s - 1))
        ),
        "it returns (dL/dlog_var, dL/dmu), in the wrong order.": lambda *args: (
            gradient_through_draw(*args)[::-1]
        ),
    },
)

# --- Explore and think --------------------------------------------------------------------------


def turns_sharply(model: Any, right: int, left: int) -> str:
    """Verify two drawings: they look apart, and the walk between them stays sharp."""
    from ..datasets.flork import load_florks

    florks = load_florks()
    numbers = []
    for number in (right, left):
        if not isinstance(number, int | np.integer) or not 0 <= number < len(florks.X):
            raise Mistake("hand over the network and two drawings: check(deep, 4, 7), 0 to 425.")
        numbers.append(int(number))
    mirrored = [florks.poses[number].mirrored for number in numbers]
    if mirrored != [False, True]:
        raise Mistake("the first drawing must look right, the second left (pose.mirrored).")
    codes = model.encode(1 - florks.X[numbers])
    unsure = float(unsure_share(model.decode(interpolate(codes[0], codes[1], 11))).max())
    if not unsure < 0.25 + 0.005:  # 32 pixels more than the target, for what rounding may do
        raise Mistake(
            f"on the way a picture has {unsure:.0%} unsure pixels; all eleven should have fewer "
            f"than 25%."
        )
    return f"it turns round, and no picture on the way has more than {unsure:.0%} unsure pixels."


def nearest_strangers() -> tuple[Any, int, int]:
    """Of the pairs that look apart, try those whose codes lie nearest to each other."""
    from ..datasets.flork import load_florks
    from ..files import data_path
    from ..models.vae import VariationalAutoencoder

    florks = load_florks()
    deep = VariationalAutoencoder.load(data_path("flork/vae_640.npz"))
    codes = deep.encode(1 - florks.X)
    left = np.array([pose.mirrored for pose in florks.poses])
    distance = np.linalg.norm(codes[:, None] - codes, axis=-1)
    distance[left, :] = distance[:, ~left] = np.inf
    near = np.argsort(distance, axis=None)[:40]
    pairs = np.stack(np.unravel_index(near, distance.shape), axis=1)

    def blur(pair: np.ndarray) -> float:
        return float(
            unsure_share(deep.decode(interpolate(codes[pair[0]], codes[pair[1]], 11))).max()
        )

    right, facing_left = min(pairs, key=blur)
    return deep, int(right), int(facing_left)


turn_round = Explore(
    "turn_round",
    5,
    (
        "colour the map by direction (section 5.1): where do the two colours touch?",
        "choose two codes near each other, one on either side of the border.",
    ),
    verify=turns_sharply,
    example=nearest_strangers,
)

grey_likelihood = Think(
    "grey_likelihood",
    5,
    ("a Bernoulli variable takes two values. What does p^x·(1 − p)^(1 − x) sum to over all x?",),
    choices={
        "a": "it is a likelihood all the same: a grey pixel is ink with probability x",
        "b": "it is no likelihood, and so the numbers of section 10 mean nothing",
        "c": "over grey values it does not integrate to 1; but for the same drawings the missing "
        "constant is nearly the same, so that it can still rank models with care",
    },
    best="c",
    discussion=(
        "p^x·(1 − p)^(1 − x) sums to 1 over x = 0 and x = 1, and to something else, which "
        "depends on p, over all x between. Used for grey pixels it is a score, not a density: "
        "the continuous Bernoulli of Loaiza-Ganem and Cunningham (2019) has the factor that is "
        "missing. As a score it is still proper, in that it is best at p = x, and all models "
        "are measured on the same drawings; so a model with a clearly better score predicts "
        "unseen pixels better. What it is not: a number of nats to compare with another data "
        "set, or with a model that has another likelihood."
    ),
)
