//! The hours of the air out of the file.

use std::sync::Arc;

use jiff::civil::Date;

use crate::analysis::air::DistrictHours;
use crate::domain::World;
use crate::intake;
use crate::store::{Error, Store};

/// Those of the last months, up to today; `None` where there are none.
pub fn hours(
    store: &Store,
    world: &World,
    today: Date,
) -> Result<Option<Arc<DistrictHours>>, Error> {
    Ok(intake::hours::hours(&store.readings(world)?, today)?.map(Arc::new))
}
