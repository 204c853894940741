"""The earlier home of the guards: notebooks that were handed out import LearnerError from here."""

from dl_workshop.errors import LearnerError
from dl_workshop.validate import check_data, check_numbers, check_params, check_positive, check_same_shape

__all__ = ["LearnerError", "check_data", "check_numbers", "check_params", "check_positive", "check_same_shape"]
