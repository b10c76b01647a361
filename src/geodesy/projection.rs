//! Metres on a plane ↔ longitude and latitude: transverse Mercator and Web Mercator.
//!
//! Transverse Mercator (Gauss–Krüger, UTM) by Krüger's series in the third flattening n to the
//! sixth order, after C. F. F. Karney, "Transverse Mercator with an accuracy of a few nanometers",
//! J. Geodesy 85 (2011), eqs. 7–35; within 35° of the central meridian it is exact to nanometres.

use std::f64::consts::PI;

use geo_types::Coord;

/// An ellipsoid with what the series needs of it.
#[derive(Debug, PartialEq)]
pub struct Ellipsoid {
    /// Semi-major axis a, metres.
    pub semi_major_m: f64,
    /// 1/f, where f = (a − b)/a.
    pub inverse_flattening: f64,
    rectifying_radius_m: f64,
    eccentricity_squared: f64,
    alpha: [f64; 6],
    beta: [f64; 6],
}

/// The ellipsoid of WGS-84 (NIMA TR8350.2).
pub static WGS84: Ellipsoid = Ellipsoid::new(6_378_137.0, 298.257_223_563);
/// The ellipsoid of CGCS2000, the same as GRS 1980.
pub static CGCS2000: Ellipsoid = Ellipsoid::new(6_378_137.0, 298.257_222_101);

/// A transverse Mercator projection with its parameters as EPSG names them (method 9807).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TransverseMercator {
    /// Which the latitudes are on.
    pub ellipsoid: &'static Ellipsoid,
    /// Longitude of the line that is true to scale but for `scale`, degrees.
    pub central_meridian_deg: f64,
    /// Latitude with the false northing, degrees.
    pub latitude_of_origin_deg: f64,
    /// On the central meridian: 1 for Gauss–Krüger, 0.9996 for UTM.
    pub scale: f64,
    /// Easting of the central meridian, metres.
    pub false_easting_m: f64,
    /// Northing of the latitude of origin, metres.
    pub false_northing_m: f64,
}

impl Ellipsoid {
    const fn new(semi_major_m: f64, inverse_flattening: f64) -> Self {
        let f = 1.0 / inverse_flattening;
        let n = f / (2.0 - f);
        let (n2, n3, n4, n5, n6) =
            (n * n, n * n * n, n * n * n * n, n * n * n * n * n, n * n * n * n * n * n);
        Self {
            semi_major_m,
            inverse_flattening,
            rectifying_radius_m: semi_major_m / (1.0 + n)
                * (1.0 + n2 / 4.0 + n4 / 64.0 + n6 / 256.0),
            eccentricity_squared: f * (2.0 - f),
            // Karney 2011, eq. 35.
            alpha: [
                n / 2.0 - 2.0 / 3.0 * n2 + 5.0 / 16.0 * n3 + 41.0 / 180.0 * n4 - 127.0 / 288.0 * n5
                    + 7891.0 / 37_800.0 * n6,
                13.0 / 48.0 * n2 - 3.0 / 5.0 * n3 + 557.0 / 1440.0 * n4 + 281.0 / 630.0 * n5
                    - 1_983_433.0 / 1_935_360.0 * n6,
                61.0 / 240.0 * n3 - 103.0 / 140.0 * n4
                    + 15_061.0 / 26_880.0 * n5
                    + 167_603.0 / 181_440.0 * n6,
                49_561.0 / 161_280.0 * n4 - 179.0 / 168.0 * n5 + 6_601_661.0 / 7_257_600.0 * n6,
                34_729.0 / 80_640.0 * n5 - 3_418_889.0 / 1_995_840.0 * n6,
                212_378_941.0 / 319_334_400.0 * n6,
            ],
            // Karney 2011, eq. 36.
            beta: [
                n / 2.0 - 2.0 / 3.0 * n2 + 37.0 / 96.0 * n3 - n4 / 360.0 - 81.0 / 512.0 * n5
                    + 96_199.0 / 604_800.0 * n6,
                n2 / 48.0 + n3 / 15.0 - 437.0 / 1440.0 * n4 + 46.0 / 105.0 * n5
                    - 1_118_711.0 / 3_870_720.0 * n6,
                17.0 / 480.0 * n3 - 37.0 / 840.0 * n4 - 209.0 / 4480.0 * n5
                    + 5569.0 / 90_720.0 * n6,
                4397.0 / 161_280.0 * n4 - 11.0 / 504.0 * n5 - 830_251.0 / 7_257_600.0 * n6,
                4583.0 / 161_280.0 * n5 - 108_847.0 / 3_991_680.0 * n6,
                20_648_693.0 / 638_668_800.0 * n6,
            ],
        }
    }

    /// The tangent of the conformal latitude from that of the geographic one (Karney, eqs. 7–9).
    fn conformal(&self, tan_latitude: f64) -> f64 {
        let e = self.eccentricity_squared.sqrt();
        let secant = tan_latitude.hypot(1.0);
        let sigma = (e * (e * tan_latitude / secant).atanh()).sinh();
        tan_latitude * sigma.hypot(1.0) - sigma * secant
    }

    /// The inverse by Newton's method (Karney, eqs. 19–21), which needs two or three steps.
    fn geographic(&self, tan_conformal: f64) -> f64 {
        let e2 = self.eccentricity_squared;
        let mut tan = tan_conformal / (1.0 - e2);
        for _ in 0..6 {
            let found = self.conformal(tan);
            let step = (tan_conformal - found) / found.hypot(1.0) * (1.0 + (1.0 - e2) * tan * tan)
                / ((1.0 - e2) * tan.hypot(1.0));
            tan += step;
            if step.abs() < 1e-14 * tan.abs().max(1.0) {
                break;
            }
        }
        tan
    }
}

impl TransverseMercator {
    /// Easting (x) and northing (y) in metres of a longitude and latitude in degrees.
    pub fn metres(&self, degrees: Coord<f64>) -> Coord<f64> {
        let radius_m = self.scale * self.ellipsoid.rectifying_radius_m;
        let (north, east) = self.unit(degrees.x - self.central_meridian_deg, degrees.y);
        let (origin, _) = self.unit(0.0, self.latitude_of_origin_deg);
        Coord {
            x: self.false_easting_m + radius_m * east,
            y: self.false_northing_m + radius_m * (north - origin),
        }
    }

    /// Longitude and latitude in degrees of an easting (x) and northing (y) in metres.
    pub fn degrees(&self, metres: Coord<f64>) -> Coord<f64> {
        let radius_m = self.scale * self.ellipsoid.rectifying_radius_m;
        let (origin, _) = self.unit(0.0, self.latitude_of_origin_deg);
        let north = (metres.y - self.false_northing_m) / radius_m + origin;
        let east = (metres.x - self.false_easting_m) / radius_m;
        let (d_north, d_east) = series(&self.ellipsoid.beta, north, east);
        let (north, east) = (north - d_north, east - d_east);
        let tan = north.sin() / east.sinh().hypot(north.cos());
        let off_meridian = east.sinh().atan2(north.cos());
        Coord {
            x: wrapped(self.central_meridian_deg + off_meridian.to_degrees()),
            y: self.ellipsoid.geographic(tan).atan().to_degrees(),
        }
    }

    /// Northing and easting on a sphere of radius 1 after the conformal step and the series.
    fn unit(&self, off_meridian_deg: f64, latitude_deg: f64) -> (f64, f64) {
        let off_meridian = wrapped(off_meridian_deg).to_radians();
        let tan = self.ellipsoid.conformal(latitude_deg.to_radians().tan());
        let north = tan.atan2(off_meridian.cos());
        let east = (off_meridian.sin() / tan.hypot(off_meridian.cos())).asinh();
        let (d_north, d_east) = series(&self.ellipsoid.alpha, north, east);
        (north + d_north, east + d_east)
    }
}

/// Σ cⱼ sin 2jξ cosh 2jη and Σ cⱼ cos 2jξ sinh 2jη.
fn series(coefficients: &[f64; 6], north: f64, east: f64) -> (f64, f64) {
    let mut sums = (0.0, 0.0);
    let mut order = 0.0;
    for coefficient in coefficients {
        order += 2.0;
        sums.0 += coefficient * (order * north).sin() * (order * east).cosh();
        sums.1 += coefficient * (order * north).cos() * (order * east).sinh();
    }
    sums
}

/// A longitude in −180…180.
fn wrapped(longitude_deg: f64) -> f64 {
    if (-180.0..=180.0).contains(&longitude_deg) {
        longitude_deg
    } else {
        (longitude_deg + 180.0).rem_euclid(360.0) - 180.0
    }
}

/// Web Mercator (EPSG:3857): a sphere of the WGS-84 semi-major axis.
pub fn web_mercator_from_wgs84(wgs84: Coord<f64>) -> Coord<f64> {
    let radius_m = WGS84.semi_major_m;
    Coord { x: radius_m * wgs84.x.to_radians(), y: radius_m * wgs84.y.to_radians().tan().asinh() }
}

/// From metres of EPSG:3857 to WGS-84 degrees.
pub fn wgs84_from_web_mercator(metres: Coord<f64>) -> Coord<f64> {
    let radius_m = WGS84.semi_major_m;
    Coord {
        x: (metres.x / radius_m).to_degrees(),
        y: (2.0 * (metres.y / radius_m).exp().atan() - PI / 2.0).to_degrees(),
    }
}
