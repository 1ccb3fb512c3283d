
// A slide whose text is too long for 720 pixels is set smaller, never below half of its size.
for (const slide of document.querySelectorAll(".slides > section")) {
  slide.style.display = "block";
  for (let size = 32; size >= 18 && (slide.scrollHeight > 720 || slide.scrollWidth > 1280); size--)
    slide.style.fontSize = `${size}px`;
  slide.style.display = "";
}
Reveal.initialize({
  width: 1280, height: 720, margin: 0, center: false, hash: true, transition: "none",
  backgroundTransition: "none", slideNumber: "c/t", controlsTutorial: false, minScale: 0.2,
});
