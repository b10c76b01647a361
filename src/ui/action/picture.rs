//! A picture of our own layers, as the job that draws it hands it over.

use std::sync::Arc;

use egui::ColorImage;

use crate::basemap::Datum;
use crate::map::live::{Cluster, MapPicture};
use crate::map::view::View;

/// A picture that is done.
pub struct Drawn {
    pub picture: Result<Painted, String>,
    /// Nothing is seen through it.
    pub is_opaque: bool,
    /// Of the district as it was.
    pub is_then: bool,
    pub asked: PictureAsked,
}

/// Pixels as the renderer takes them, and what they show.
pub struct Painted {
    pub image: ColorImage,
    /// Markers and names, where they were asked for apart.
    pub over: Option<ColorImage>,
    pub clusters: Arc<[Cluster]>,
}

impl From<MapPicture> for Painted {
    /// Takes milliseconds for a large map: for the job that draws, not for a frame.
    fn from(picture: MapPicture) -> Self {
        let size = [picture.width as usize, picture.height as usize];
        let image = |rgba: &Vec<u8>| ColorImage::from_rgba_premultiplied(size, rgba);
        let over = picture.over.as_ref().map(image);
        Self { image: image(&picture.rgba), over, clusters: picture.clusters.into() }
    }
}

/// For what a picture was asked; another is needed when this differs.
#[derive(Clone, Debug, PartialEq)]
pub struct PictureAsked {
    pub view: View,
    /// Counted up with every change of what is shown.
    pub serial: u64,
    pub datum: Datum,
    pub is_dark: bool,
    pub pixels_per_point: f32,
    pub text_scale: f32,
    /// Of the map on the screen, points.
    pub size: [f32; 2],
    /// The district in small covers a corner of it.
    pub has_overview: bool,
    /// Lines are painted between the marks and their names.
    pub is_parted: bool,
}
