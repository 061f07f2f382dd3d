// SDL2 by SDL.h: a surface, its pixels, and an event that goes through the queue. It needs no screen.
//
//   node examples/headers/sdl2.mjs
import { open } from './open.mjs';

process.env.SDL_VIDEODRIVER = 'dummy';
const { symbols: sdl, structs, constants } = open('SDL2-2.0', 'SDL.h', { module: 'sdl2' });
const { SDL_Rect, SDL_Surface, SDL_Event } = structs;
sdl.SDL_SetMainReady();
if (sdl.SDL_Init(constants.SDL_INIT_EVENTS) !== 0) throw new Error(sdl.SDL_GetError());

const surface = sdl.SDL_CreateRGBSurfaceWithFormat(0, 8, 4, 32, constants.SDL_PIXELFORMAT_RGBA32);
sdl.SDL_FillRect(surface, SDL_Rect.create({ x: 2, y: 1, w: 3, h: 2 }), 0xff0000ff);
const { w, h, pixels, pitch } = SDL_Surface.at(surface);
console.log(`${w} x ${h}, ${pitch} bytes in a row, pixels: ${pixels !== 0}`);
sdl.SDL_FreeSurface(surface);

const sent = SDL_Event.create();
sent.user.type = sdl.SDL_RegisterEvents(1);
sent.user.code = 42;
sdl.SDL_PushEvent(sent);
const event = SDL_Event.create();
while (sdl.SDL_PollEvent(event)) if (event.type === sent.type) console.log(`event with code ${event.user.code}`);
sdl.SDL_Quit();
