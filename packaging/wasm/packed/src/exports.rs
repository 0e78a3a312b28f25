//! What JavaScript calls: `room(length)` says where to put what is packed; `unpack(at, length)` says where the module is, as its address and
//! its length, two numbers of 32 bits; or 0, where what is packed is broken.

#![allow(unsafe_code, reason = "exports have names, and are handed addresses")]

use alloc::boxed::Box;
use alloc::vec;
use core::panic::PanicInfo;
use core::{ptr, slice};

use dlmalloc::GlobalDlmalloc;

#[global_allocator]
static ALLOCATOR: GlobalDlmalloc = GlobalDlmalloc;

/// JavaScript hears of a trap.
#[panic_handler]
fn panicked(_: &PanicInfo<'_>) -> ! {
    core::arch::wasm32::unreachable()
}

/// Nothing is freed: who has the module throws the memory away.
#[unsafe(no_mangle)]
pub extern "C" fn room(length: usize) -> *mut u8 {
    vec![0; length].leak().as_mut_ptr()
}

/// The module.
#[repr(C)]
pub struct Module {
    at: *const u8,
    length: usize,
}

/// # Safety
///
/// `at` is what [`room`] gave for `length`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn unpack(at: *const u8, length: usize) -> *const Module {
    // SAFETY: the room is never freed, and written to before this only.
    let packed = unsafe { slice::from_raw_parts(at, length) };
    match crate::unpack(packed) {
        Ok(module) => {
            let module = module.leak();
            Box::leak(Box::new(Module { at: module.as_ptr(), length: module.len() }))
        }
        Err(_) => ptr::null(),
    }
}
