//! The window without a system around it: frames as eframe runs them, painted into a texture.
#![expect(clippy::expect_used, reason = "a bench may stop")]
#![expect(clippy::iter_over_hash_type, reason = "textures come in any order")]

use std::path::Path;
use std::time::{Duration, Instant};

use egui::epaint::ClippedPrimitive;
use egui::{Event, FullOutput, RawInput, TexturesDelta, ViewportId, vec2};
use egui_wgpu::{RenderState, RendererOptions, ScreenDescriptor, wgpu};
use shapan::settings::Settings;
use shapan::ui::App;

pub const WIDTH: u32 = 1920;
pub const HEIGHT: u32 = 1080;
/// Between two frames, as a screen asks for them.
pub const SIXTIETH: Duration = Duration::from_micros(16_667);

/// The program's window. No screen reader listens, as on most desks.
pub struct Window {
    context: egui::Context,
    pub app: App,
    frame: u64,
    painter: Option<Painter>,
    /// From the start to the first frame in which the map shows all that is looked at.
    pub in_sight: Duration,
}

impl Window {
    /// Opens a district, or the sample, and waits until nothing more comes.
    pub fn open(home: &Path, district: Option<&Path>, is_painted: bool) -> Self {
        let context = egui::Context::default();
        let mut app =
            App::new(&context, home.to_owned(), Settings::default(), None).expect("a window");
        let painter = is_painted.then(Painter::new);
        if let Some(painter) = &painter {
            app.fit_to(&painter.state);
        }
        let began = Instant::now();
        app.begin(district.map(Path::to_owned), None);
        let mut window = Self { context, app, frame: 0, painter, in_sight: Duration::MAX };
        let mut calm = 0;
        while calm < 6 && began.elapsed() < Duration::from_mins(2) {
            let frame = Instant::now();
            window.step(Vec::new());
            if window.app.is_in_sight() {
                window.in_sight = window.in_sight.min(began.elapsed());
            }
            let is_settled = window.app.is_settled() && window.app.model().district.is_some();
            calm = if is_settled { calm + 1 } else { 0 };
            // As a screen asks for frames: more of them would take a core from those who load.
            std::thread::sleep(SIXTIETH.saturating_sub(frame.elapsed()));
        }
        window
    }

    /// One frame with what came since the last: built, tessellated and, where there is a painter,
    /// painted to the last pixel.
    pub fn step(&mut self, events: Vec<Event>) -> Vec<ClippedPrimitive> {
        self.frame += 1;
        let size = vec2(WIDTH as f32, HEIGHT as f32);
        let mut input = RawInput {
            screen_rect: Some(egui::Rect::from_min_size(egui::Pos2::ZERO, size)),
            time: Some(self.frame as f64 / 60.0),
            predicted_dt: 1.0 / 60.0,
            max_texture_side: Some(8192),
            events,
            ..RawInput::default()
        };
        if let Some(root) = input.viewports.get_mut(&ViewportId::ROOT) {
            root.native_pixels_per_point = Some(1.0);
        }
        let app = &mut self.app;
        let FullOutput { shapes, textures_delta, pixels_per_point, .. } =
            self.context.run_ui(input, |ui| {
                app.logic(ui.ctx());
                app.ui(ui);
            });
        let drawn = self.context.tessellate(shapes, pixels_per_point);
        if let Some(painter) = &self.painter {
            painter.paint(&drawn, textures_delta);
        }
        drawn
    }
}

/// The renderer of the program on the software driver of this machine, or its GPU where that is
/// missing.
struct Painter {
    state: RenderState,
    texture: wgpu::Texture,
    /// Where the pixels go from there: without a GPU they are copied to be shown.
    shown: wgpu::Buffer,
}

impl Painter {
    fn new() -> Self {
        // As the program itself paints.
        let options = RendererOptions { dithering: false, ..RendererOptions::default() };
        let setup = egui_kittest::wgpu::default_wgpu_setup();
        let state = egui_kittest::wgpu::create_render_state(setup, options);
        let texture = state.device.create_texture(&wgpu::TextureDescriptor {
            label: None,
            size: wgpu::Extent3d { width: WIDTH, height: HEIGHT, depth_or_array_layers: 1 },
            mip_level_count: 1,
            sample_count: 1,
            dimension: wgpu::TextureDimension::D2,
            format: state.target_format,
            usage: wgpu::TextureUsages::RENDER_ATTACHMENT | wgpu::TextureUsages::COPY_SRC,
            view_formats: &[],
        });
        let shown = state.device.create_buffer(&wgpu::BufferDescriptor {
            label: None,
            size: u64::from(WIDTH * HEIGHT * 4),
            usage: wgpu::BufferUsages::COPY_DST | wgpu::BufferUsages::MAP_READ,
            mapped_at_creation: false,
        });
        Self { state, texture, shown }
    }

    fn paint(&self, drawn: &[ClippedPrimitive], mut textures: TexturesDelta) {
        let RenderState { device, queue, renderer, .. } = &self.state;
        let mut renderer = renderer.write();
        for (id, images) in textures.set.drain() {
            for image in images {
                renderer.update_texture(device, queue, id, &image);
            }
        }
        let mut encoder = device.create_command_encoder(&wgpu::CommandEncoderDescriptor::default());
        let screen = ScreenDescriptor { size_in_pixels: [WIDTH, HEIGHT], pixels_per_point: 1.0 };
        let before = renderer.update_buffers(device, queue, &mut encoder, drawn, &screen);
        let view = self.texture.create_view(&wgpu::TextureViewDescriptor::default());
        let pass = encoder.begin_render_pass(&wgpu::RenderPassDescriptor {
            color_attachments: &[Some(wgpu::RenderPassColorAttachment {
                view: &view,
                depth_slice: None,
                resolve_target: None,
                ops: wgpu::Operations {
                    load: wgpu::LoadOp::Clear(wgpu::Color::WHITE),
                    store: wgpu::StoreOp::Store,
                },
            })],
            ..wgpu::RenderPassDescriptor::default()
        });
        renderer.render(&mut pass.forget_lifetime(), drawn, &screen);
        encoder.copy_texture_to_buffer(
            self.texture.as_image_copy(),
            wgpu::TexelCopyBufferInfo {
                buffer: &self.shown,
                layout: wgpu::TexelCopyBufferLayout {
                    offset: 0,
                    bytes_per_row: Some(WIDTH * 4),
                    rows_per_image: None,
                },
            },
            self.texture.size(),
        );
        let commands = before.into_iter().chain([encoder.finish()]);
        let submission_index = Some(queue.submit(commands));
        let wait =
            wgpu::PollType::Wait { submission_index, timeout: Some(Duration::from_secs(10)) };
        device.poll(wait).expect("a painted frame");
        for id in textures.free.drain() {
            renderer.free_texture(&id);
        }
    }
}
