"""Guards: bad arrays, params, data, keys and labels are told in words before they are used."""

from dl_workshop.validate.arrays import (
    check_data,
    check_numbers,
    check_params,
    check_positive,
    check_same_shape,
    empty_places,
    here,
    is_random_key,
)

__all__ = [
    "check_data",
    "check_numbers",
    "check_params",
    "check_positive",
    "check_same_shape",
    "empty_places",
    "here",
    "is_random_key",
]
