//! The picture of our layers for a renderer without a GPU: pixel for pixel, and nothing else.
//!
//! The shader of the window takes care of filters, tints and wrapping, and a processor works all of
//! that out for each of a million pixels: two thirds of the time of a frame.

use std::sync::Arc;

use eframe::egui_wgpu::{
    Callback, CallbackResources, CallbackTrait, RenderState, ScreenDescriptor,
};
use eframe::wgpu;
use egui::emath::GuiRounding as _;
use egui::{Color32, ColorImage, PaintCallbackInfo, Painter, Pos2, Rect};

const SHADER: &str = "
struct Place { first: vec2<f32>, last: vec2<f32>, ground: vec4<f32> }
@group(0) @binding(0) var<uniform> place: Place;
@group(0) @binding(1) var picture: texture_2d<f32>;

struct Corner {
    @builtin(position) at: vec4<f32>,
    @location(0) texel: vec2<f32>,
}

@vertex
fn corner(@builtin(vertex_index) number: u32) -> Corner {
    let share = vec2<f32>(f32(number & 1u), f32(number >> 1u));
    var out: Corner;
    out.at = vec4<f32>(share.x * 2.0 - 1.0, 1.0 - share.y * 2.0, 0.0, 1.0);
    out.texel = mix(place.first, place.last, share);
    return out;
}

@fragment
fn pixel(in: Corner) -> @location(0) vec4<f32> {
    let texel = vec2<i32>(floor(in.texel));
    let size = vec2<i32>(textureDimensions(picture));
    let is_beside = any(texel < vec2<i32>(0)) || any(texel >= size);
    return select(textureLoad(picture, texel, 0), place.ground, is_beside);
}
";
/// Eight numbers of four bytes.
const PLACE_BYTES: u64 = 32;

/// What stays from frame to frame, among the window's renderer's things.
struct Press {
    layout: wgpu::BindGroupLayout,
    opaque: wgpu::RenderPipeline,
    blended: wgpu::RenderPipeline,
    /// The pictures that were painted last: the one below, and the one over it.
    held: [Option<Held>; 2],
}

struct Held {
    picture: Arc<ColorImage>,
    place: wgpu::Buffer,
    group: wgpu::BindGroup,
}

/// Which of the two pictures of the map.
#[derive(Clone, Copy)]
pub enum Sheet {
    /// With what the map shows beside the picture; `None` where something else is seen through both.
    Under(Option<Color32>),
    /// Markers and names over nothing.
    Over,
}

impl Sheet {
    const fn slot(self) -> usize {
        match self {
            Self::Under(_) => 0,
            Self::Over => 1,
        }
    }

    const fn ground(self) -> Option<Color32> {
        match self {
            Self::Under(ground) => ground,
            Self::Over => None,
        }
    }
}

/// The map on the screen as a part of a picture.
struct Print {
    picture: Arc<ColorImage>,
    /// The map's first and last corner, texels of the picture.
    corners: [f32; 4],
    sheet: Sheet,
}

/// Gets the renderer of a window ready.
pub fn set_up(state: &RenderState) {
    let press = Press::new(&state.device, state.target_format);
    state.renderer.write().callback_resources.insert(press);
}

/// Paints a picture that lies in a rectangle of the map, or over its edges; both in points.
pub fn paint(painter: &Painter, map: Rect, place: Rect, picture: &Arc<ColorImage>, sheet: Sheet) {
    let [width, height] = picture.size.map(|side| side as f32);
    let texel = |at: Pos2| {
        // The renderer rounds the map to whole pixels.
        let from = at.round_to_pixels(painter.pixels_per_point()) - place.min;
        [from.x * width / place.width(), from.y * height / place.height()]
    };
    let ([left, top], [right, bottom]) = (texel(map.min), texel(map.max));
    let corners = [left, top, right, bottom];
    let print = Print { picture: Arc::clone(picture), corners, sheet };
    painter.add(Callback::new_paint_callback(map, print));
}

impl Press {
    fn new(device: &wgpu::Device, format: wgpu::TextureFormat) -> Self {
        let shader = device.create_shader_module(wgpu::ShaderModuleDescriptor {
            label: Some("picture"),
            source: wgpu::ShaderSource::Wgsl(SHADER.into()),
        });
        let entry = |binding, visibility, ty| wgpu::BindGroupLayoutEntry {
            binding,
            visibility,
            ty,
            count: None,
        };
        let place = wgpu::BindingType::Buffer {
            ty: wgpu::BufferBindingType::Uniform,
            has_dynamic_offset: false,
            min_binding_size: wgpu::BufferSize::new(PLACE_BYTES),
        };
        let texture = wgpu::BindingType::Texture {
            sample_type: wgpu::TextureSampleType::Float { filterable: false },
            view_dimension: wgpu::TextureViewDimension::D2,
            multisampled: false,
        };
        let layout = device.create_bind_group_layout(&wgpu::BindGroupLayoutDescriptor {
            label: Some("picture"),
            entries: &[
                entry(0, wgpu::ShaderStages::VERTEX_FRAGMENT, place),
                entry(1, wgpu::ShaderStages::FRAGMENT, texture),
            ],
        });
        let pipeline = |blend| pipeline(device, &shader, &layout, format, blend);
        Self {
            opaque: pipeline(wgpu::BlendState::REPLACE),
            blended: pipeline(wgpu::BlendState::PREMULTIPLIED_ALPHA_BLENDING),
            layout,
            held: [None, None],
        }
    }

    fn holds(&self, print: &Print) -> Option<&Held> {
        let held = self.held.get(print.sheet.slot())?.as_ref();
        held.filter(|held| Arc::ptr_eq(&held.picture, &print.picture))
    }

    fn hold(&mut self, device: &wgpu::Device, queue: &wgpu::Queue, print: &Print) {
        if self.holds(print).is_some() {
            return;
        }
        let picture = &print.picture;
        let place = device.create_buffer(&wgpu::BufferDescriptor {
            label: Some("place of the picture"),
            size: PLACE_BYTES,
            usage: wgpu::BufferUsages::UNIFORM | wgpu::BufferUsages::COPY_DST,
            mapped_at_creation: false,
        });
        let [width, height] = picture.size.map(|side| side as u32);
        let size = wgpu::Extent3d { width, height, depth_or_array_layers: 1 };
        let texture = device.create_texture(&wgpu::TextureDescriptor {
            label: Some("picture"),
            size,
            mip_level_count: 1,
            sample_count: 1,
            dimension: wgpu::TextureDimension::D2,
            format: wgpu::TextureFormat::Rgba8Unorm,
            usage: wgpu::TextureUsages::TEXTURE_BINDING | wgpu::TextureUsages::COPY_DST,
            view_formats: &[],
        });
        let layout = wgpu::TexelCopyBufferLayout {
            offset: 0,
            bytes_per_row: Some(width * 4),
            rows_per_image: None,
        };
        queue.write_texture(texture.as_image_copy(), picture.as_raw(), layout, size);
        let view = texture.create_view(&wgpu::TextureViewDescriptor::default());
        let group = device.create_bind_group(&wgpu::BindGroupDescriptor {
            label: Some("picture"),
            layout: &self.layout,
            entries: &[
                wgpu::BindGroupEntry { binding: 0, resource: place.as_entire_binding() },
                wgpu::BindGroupEntry {
                    binding: 1,
                    resource: wgpu::BindingResource::TextureView(&view),
                },
            ],
        });
        if let Some(slot) = self.held.get_mut(print.sheet.slot()) {
            *slot = Some(Held { picture: Arc::clone(picture), place, group });
        }
    }
}

fn pipeline(
    device: &wgpu::Device,
    shader: &wgpu::ShaderModule,
    layout: &wgpu::BindGroupLayout,
    format: wgpu::TextureFormat,
    blend: wgpu::BlendState,
) -> wgpu::RenderPipeline {
    let layout = device.create_pipeline_layout(&wgpu::PipelineLayoutDescriptor {
        label: Some("picture"),
        bind_group_layouts: &[Some(layout)],
        immediate_size: 0,
    });
    device.create_render_pipeline(&wgpu::RenderPipelineDescriptor {
        label: Some("picture"),
        layout: Some(&layout),
        vertex: wgpu::VertexState {
            module: shader,
            entry_point: Some("corner"),
            compilation_options: wgpu::PipelineCompilationOptions::default(),
            buffers: &[],
        },
        primitive: wgpu::PrimitiveState {
            topology: wgpu::PrimitiveTopology::TriangleStrip,
            ..wgpu::PrimitiveState::default()
        },
        depth_stencil: None,
        multisample: wgpu::MultisampleState::default(),
        fragment: Some(wgpu::FragmentState {
            module: shader,
            entry_point: Some("pixel"),
            compilation_options: wgpu::PipelineCompilationOptions::default(),
            targets: &[Some(wgpu::ColorTargetState {
                format,
                blend: Some(blend),
                write_mask: wgpu::ColorWrites::ALL,
            })],
        }),
        multiview_mask: None,
        cache: None,
    })
}

impl CallbackTrait for Print {
    fn prepare(
        &self,
        device: &wgpu::Device,
        queue: &wgpu::Queue,
        _screen: &ScreenDescriptor,
        _encoder: &mut wgpu::CommandEncoder,
        resources: &mut CallbackResources,
    ) -> Vec<wgpu::CommandBuffer> {
        if let Some(press) = resources.get_mut::<Press>() {
            press.hold(device, queue, self);
            let ground = self.sheet.ground().unwrap_or_default().to_normalized_gamma_f32();
            let numbers = [self.corners, ground].concat();
            let bytes: Vec<u8> = numbers.into_iter().flat_map(f32::to_ne_bytes).collect();
            if let Some(held) = press.holds(self) {
                queue.write_buffer(&held.place, 0, &bytes);
            }
        }
        Vec::new()
    }

    fn paint(
        &self,
        _info: PaintCallbackInfo,
        pass: &mut wgpu::RenderPass<'static>,
        resources: &CallbackResources,
    ) {
        let Some(press) = resources.get::<Press>() else { return };
        let Some(Held { group, .. }) = press.holds(self) else { return };
        let is_opaque = self.sheet.ground().is_some();
        pass.set_pipeline(if is_opaque { &press.opaque } else { &press.blended });
        pass.set_bind_group(0, group, &[]);
        pass.draw(0..4, 0..1);
    }
}
