"""The concession: titles go to the concessionaire and are given to bailiffs' offices; the recovery ends."""
