"""What the beat table rings in this room."""

from celery import shared_task

from secal.access.services.users import place_staff
from secal.access.unit_of_work import service_work
from secal.office.clock import today


@shared_task(name="register.place_staff")
def place_todays_staff() -> int:
    """Appointments that begin today put their holders in their section or office."""
    with service_work("appointments"):
        return place_staff(on=today())
