"""Pages whose every wait takes longer, by a random time: a test that looks before something is there fails at once."""

SCRIPT = """(() => {
    const [later, forget, frame, forgetFrame] = [setTimeout, clearTimeout, requestAnimationFrame, cancelAnimationFrame];
    const extra = () => Math.random() * LONGEST;
    const pause = () => new Promise((done) => later(done, extra()));
    window.setTimeout = (act, time = 0, ...rest) => later(act, Number(time) + extra(), ...rest);

    const waiting = new Map(); // how to take back what a frame will do
    let last = 0;
    window.requestAnimationFrame = (act) => {
        const id = ++last;
        const timer = later(() => {
            const real = frame((now) => { waiting.delete(id); act(now); });
            waiting.set(id, () => forgetFrame(real));
        }, extra());
        waiting.set(id, () => forget(timer));
        return id;
    };
    window.cancelAnimationFrame = (id) => { waiting.get(id)?.(); waiting.delete(id); };

    for (const name of ['IntersectionObserver', 'ResizeObserver']) {
        window[name] = class extends window[name] {
            constructor(tell, options) {
                let told = Promise.resolve();
                const state = { round: 0 };
                super((entries, observer) => {
                    const { round } = state;
                    told = told.then(pause).then(() => round == state.round && tell(entries, observer));
                }, options);
                this.state = state;
            }
            disconnect() { this.state.round += 1; super.disconnect(); }
        };
    }
    const [decode, get] = [Image.prototype.decode, window.fetch];
    Image.prototype.decode = function () { return pause().then(() => decode.call(this)); };
    window.fetch = (...asked) => pause().then(() => get(...asked));
})()"""


def slow_down(browser, longest):
    """Let timers, frames, observers, pictures and requests of all pages come up to `longest` milliseconds later."""
    make = browser.new_context

    def new_context(**options):
        context = make(**options)
        context.add_init_script(SCRIPT.replace("LONGEST", str(longest)))
        return context

    browser.new_context = new_context
    browser.new_page = lambda **options: new_context(**options).new_page()
