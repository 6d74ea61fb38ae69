"""The records of a clinic in the app: patients, their examinations, and what people say of them.

Nothing of it is kept on the device: it lives in the state while it is shown.
"""
