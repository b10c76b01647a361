use geo_types::{Geometry, Point};
use serde_json::Value as Json;
pub fn geometry_from_json(json: &Json) -> Result<Geometry<f64>, String> {
    let x = json["coordinates"][0].as_f64().ok_or("x")?;
    let y = json["coordinates"][1].as_f64().ok_or("y")?;
    Ok(Point::new(x, y).into())
}
