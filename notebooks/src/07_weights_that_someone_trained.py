# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
# ---

# %% [markdown] lang="en"
# # 7. Weights that someone trained
#
# After this lesson you can
#
# - load a published file, and say what it does not tell you;
# - fold a batch norm into the convolution before it, on paper and in code;
# - name four mistakes that raise no error, and find them by measuring.
#
# About 25 minutes. You need: lesson 3, or to have seen the forward pass. No internet: where no file is at hand, a small network that ships with the package stands in.

# %% [markdown] lang="ko" of="92bf98cc"
# # 7. 누군가 학습시킨 가중치
#
# 이 수업을 마치면
#
# - 공개된 가중치 파일을 불러오고, 그 파일이 무엇을 말해 주지 않는지 설명할 수 있습니다.
# - 배치 정규화(batch normalization)를 바로 앞의 합성곱에 접어 넣는 일을 종이와 코드로 할 수 있습니다.
# - 오류를 내지 않는 실수 네 가지를 들고, 재어서 찾아낼 수 있습니다.
#
# 약 25분. 3강을 들었거나 순전파를 본 적이 있으면 됩니다. 인터넷은 필요 없습니다. 파일이 없으면 패키지에 든 작은 네트워크가 대신합니다.

# %%
try:
    import npmobile as nm
except ImportError as error:
    raise ImportError(
        "install npmobile first: pip install . in its folder, or pip install its wheel, npmobile-*.whl"
    ) from error
import inspect
import os
import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np

_ = nm.language.use("en")

# %% [markdown] lang="en"
# ## What is in such a file?
#
# Google published its trained MobileNets, sixteen of them for Keras: four widths times four resolutions. With internet, one line brings one of them:
# `model = nm.load(nm.fetch("keras/mobilenet_2_5_224"))`. We do not run it here, but we can see what there is.

# %% [markdown] lang="ko" of="8c625711"
# ## 파일 안에는 무엇이 들어 있나?
#
# 구글은 학습시킨 MobileNet을 공개했습니다. Keras용만 열여섯 개, 너비 넷에 해상도 넷입니다. 인터넷이 있으면 한 줄로 받아 옵니다.
# `model = nm.load(nm.fetch("keras/mobilenet_2_5_224"))`. 여기서는 실행하지 않고, 무엇이 있는지만 봅시다.

# %%
names = [name for name in nm.pretrained.PUBLISHED if "mobilenet" in name]
print(len(names), "files:", ", ".join(names[:5]), "...")

# %% [markdown] lang="en"
# `2_5` means $\alpha = 0.25$. Our file for today is smaller: the network that reads digits, written as anyone would write it.

# %% [markdown] lang="ko" of="777e4a2b"
# `2_5`는 $\alpha = 0.25$라는 뜻입니다. 오늘 쓸 파일은 더 작습니다. 숫자를 읽는 네트워크를 누구나 하듯이 파일로 저장해 봅시다.

# %%
temporary = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
folder = Path(temporary.name)
path = folder / "digits.npz"
nm.weights.save(path, nm.digits().weights)

# %%
stored = np.load(path, allow_pickle=False)
for name in stored.files[:6]:
    print(f"{name:18}{stored[name].shape}")
print(len(stored.files), "arrays,", f"{sum(array.size for array in stored.values()):,} numbers")

# %% [markdown] lang="en"
# Names and arrays, nothing else. No list of layers, no $\alpha$, no word about strides or padding.
#
# **Predict first.** `nm.load` gets this path only. How can it find out $\alpha$? What can it not find out?

# %% [markdown] lang="ko" of="224d3a70"
# 이름과 배열뿐입니다. 층의 목록도, $\alpha$도, 보폭(stride)이나 채움(padding)에 대한 말도 없습니다.
#
# **먼저 예상해 보세요.** `nm.load`는 이 경로만 받습니다. $\alpha$를 어떻게 알아낼까요? 알아낼 수 없는 것은 무엇일까요?

# %%
model = nm.load(path)
print("last layer", stored["conv_pw_13/kernel"].shape, "so alpha =", stored["conv_pw_13/kernel"].shape[-1] / 1024)
print(model.labels[:3], "for pictures of", model.resolution, "with padding", model.padding)

# %% [markdown] lang="en"
# The last layer of the paper's network has 1024 channels and this one 256: $\alpha = 0.25$. Ten outputs make ten classes, but what they are called
# the file does not say. Nor does it say the resolution (no kernel knows the picture's side; 224 is assumed) or the padding. We have to know: 32 x 32 and the ten digits.

# %% [markdown] lang="ko" of="9c814881"
# 논문의 네트워크는 마지막 층의 채널(channel)이 1024개인데 이 파일은 256개이니 $\alpha = 0.25$입니다. 출력이 열 개니 클래스도 열 개지만, 그 이름은 파일에 없습니다.
# 해상도도 없습니다(커널은 그림의 크기를 모릅니다. 그래서 224로 둡니다). 채움도 없습니다. 이런 것은 우리가 알고 있어야 합니다. 여기서는 32 x 32이고, 클래스는 숫자 열 개입니다.


# %%
def right(model, x):
    return int((model.predict(x).argmax(axis=1) == truth).sum())


# %%
x, truth = nm.digits_test()
model = replace(model.at(32), labels=tuple("0123456789"))
print(right(model, x), "of", len(x), "held-out digits are right")
assert np.array_equal(model.predict(x), nm.digits().predict(x)), "is the resolution 32?"

# %% [markdown] lang="en"
# 355 of 360 digits that training never saw. Keep that number: it is our instrument for the rest of the lesson.

# %% [markdown] lang="ko" of="9ae6f4ca"
# 학습할 때 본 적이 없는 숫자 360개 가운데 355개를 맞힙니다. 이 수를 기억해 두세요. 오늘 수업 내내 쓸 측정 도구입니다.

# %% [markdown] lang="en"
# ## Files of others: the same numbers, turned round
#
# Each framework orders the axes of a kernel its own way. The table is the head of `formats`:

# %% [markdown] lang="ko" of="d62fcacd"
# ## 다른 프레임워크의 파일: 같은 수, 다른 축 순서
#
# 커널의 축을 어떤 순서로 놓는지는 프레임워크마다 다릅니다. `formats` 모듈의 머리말에 표가 있습니다.

# %%
print(nm.pretrained.formats.__doc__[nm.pretrained.formats.__doc__.index("      ours") - 14 :])

# %% [markdown] lang="en"
# Let us play PyTorch: store a kernel its way, then bring it home. `elsewhere` is another way back to the right shape. Is it the right kernel?

# %% [markdown] lang="ko" of="cf742c35"
# PyTorch 흉내를 내 봅시다. 커널을 PyTorch 방식으로 저장했다가 다시 가져옵니다. `elsewhere`도 모양은 제대로 돌아옵니다. 커널도 제대로일까요?

# %%
ours = model.weights["conv1"]["kernel"]  # (D_K, D_K, M, N)
torch_like = ours.transpose(3, 2, 0, 1)  # (N, M, D_K, D_K)
home, elsewhere = torch_like.transpose(2, 3, 1, 0), torch_like.transpose(3, 2, 1, 0)
print(home.shape, elsewhere.shape, np.array_equal(home, ours), np.array_equal(elsewhere, ours))

# %% [markdown] lang="en"
# Same shape, other numbers: in `elsewhere` the rows and columns of every kernel have changed places. A check of shapes cannot see it. We shall measure soon what it costs.

# %% [markdown] lang="ko" of="29283c49"
# 모양은 같지만 수는 다릅니다. `elsewhere`에서는 모든 커널의 행과 열이 뒤바뀌었습니다. 모양을 검사해서는 알 수 없습니다. 그 대가가 얼마인지 곧 재 보겠습니다.

# %% [markdown] lang="en"
# ## Batch norm, folded and not
#
# Behind each convolution stands a batch norm. In training it follows the data; afterwards its four vectors are constants:
#
# $$y = \gamma \, \frac{z - \mu}{\sqrt{\sigma^2 + \epsilon}} + \beta$$
#
# where $z$ is what the convolution gave. So it multiplies each channel by a constant and adds another. A convolution can do that itself:
#
# $$y = s\,z + (\beta - \mu s), \qquad s = \frac{\gamma}{\sqrt{\sigma^2 + \epsilon}}$$
#
# **By hand:** $\gamma = 6$, $\beta = 1$, $\mu = 5$, $\sigma^2 = 4$, $\epsilon = 0$. What are $s$ and the bias? What becomes of $z = 7$, both ways?

# %% [markdown] lang="ko" of="0ae02ee3"
# ## 배치 정규화: 접기 전과 접은 뒤
#
# 합성곱마다 뒤에 배치 정규화가 있습니다. 학습할 때는 데이터를 따라 변하지만, 학습이 끝나면 네 벡터는 상수입니다.
#
# $$y = \gamma \, \frac{z - \mu}{\sqrt{\sigma^2 + \epsilon}} + \beta$$
#
# 여기서 $z$는 합성곱의 결과입니다. 결국 채널마다 상수 하나를 곱하고 상수 하나를 더하는 일입니다. 그 정도는 합성곱이 스스로 할 수 있습니다.
#
# $$y = s\,z + (\beta - \mu s), \qquad s = \frac{\gamma}{\sqrt{\sigma^2 + \epsilon}}$$
#
# **손으로 풀기:** $\gamma = 6$, $\beta = 1$, $\mu = 5$, $\sigma^2 = 4$, $\epsilon = 0$입니다. $s$와 편향은 얼마인가요? $z = 7$은 두 방법으로 각각 무엇이 되나요?

# %%
norm = dict(zip(("gamma", "beta", "mean", "var"), np.array([[6.0], [1.0], [5.0], [4.0]])))
small = nm.weights.fold({"layer": {"kernel": np.ones((1, 1)), **norm}}, eps=0.0)["layer"]
z = np.array([7.0])
print("folded:", small, "->", small["kernel"][0] * z + small["bias"])
print("as trained:", nm.ops.batch_norm(z, **norm, eps=0.0))

# %% [markdown] lang="en"
# $s = 3$, the bias is $-14$, and both ways give 7. For the whole network it is these lines:

# %% [markdown] lang="ko" of="86f96a56"
# $s = 3$, 편향은 $-14$이고, 어느 쪽으로 계산해도 7입니다. 네트워크 전체에 대해서는 다음 몇 줄이면 됩니다.

# %%
code = inspect.getsource(nm.weights.fold)
print(code[code.index("    folded: Weights") :])

# %% [markdown] lang="en"
# **Predict first.** Fold all 27 batch norms. Do the 360 answers change? By how much do the probabilities?

# %% [markdown] lang="ko" of="ca28ddd6"
# **먼저 예상해 보세요.** 배치 정규화 27개를 모두 접습니다. 답 360개가 바뀔까요? 확률은 얼마나 달라질까요?

# %%
folded = nm.weights.fold(model.weights)
print(sum("gamma" in arrays for arrays in model.weights.values()), "batch norms before,", end=" ")
print(sum("gamma" in arrays for arrays in folded.values()), "after")
*_, last = nm.forward(x, model.layers, model.weights)
as_trained, after = nm.ops.softmax(last.y), nm.predict(x, model.layers, folded)
print(f"largest difference of a probability: {np.abs(as_trained - after).max():.0e}")

# %%
assert np.allclose(as_trained, after, atol=1e-4), "was eps the one of training?"
assert (as_trained.argmax(axis=1) == after.argmax(axis=1)).all(), "an answer changed"

# %% [markdown] lang="en"
# No answer changes; the difference is float32 rounding. What is saved? The arrays, and an operation at every output of every convolution:

# %% [markdown] lang="ko" of="1b65d2ed"
# 답은 하나도 바뀌지 않습니다. 차이는 float32의 반올림뿐입니다. 그럼 무엇을 아꼈을까요? 배열이 줄고, 모든 합성곱의 모든 출력에서 연산 하나가 사라집니다.

# %%
layers = nm.mobilenet()  # 1.0-224, for its costs only
for fold in (False, True):
    sizes = [np.prod(shape) for arrays in nm.weights.shapes(layers, fold).values() for shape in arrays.values()]
    print("folded:    " if fold else "as trained:", len(sizes), "arrays,", f"{sum(sizes):,} numbers")
outputs = sum(layer.D_G**2 * layer.N for layer in layers if layer.kind not in ("pool", "fully_connected"))
print(f"one multiplication at {outputs:,} outputs: {outputs / nm.cost.total(nm.cost.table(layers)).mult_adds:.1%}")

# %% [markdown] lang="en"
# 137 arrays become 56. The multiplications are under 1 % of the network's mult-adds, and by our convention they are not even counted. On a machine they still cost time: each is a walk over a large array.

# %% [markdown] lang="ko" of="b18448f4"
# 배열 137개가 56개로 줄었습니다. 사라진 곱셈은 네트워크의 곱셈-덧셈(mult-add)의 1 %에도 못 미치고, 우리 규약에서는 아예 세지 않습니다. 그래도 실제 컴퓨터에서는 시간이 듭니다. 매번 큰 배열을 한 번씩 훑어야 하기 때문입니다.

# %% [markdown] lang="en"
# ## Padding that makes no error
#
# A 3 x 3 kernel with stride 2 on an even side needs one row of zeros and one column. Where do they go? TensorFlow puts them at the bottom and right (`"same"`).
# PyTorch puts one all round (`"symmetric"`), and the last ones are never reached. Here is window 0 of a 4 x 4 picture in TensorFlow's way:

# %% [markdown] lang="ko" of="78a9076a"
# ## 오류를 내지 않는 채움
#
# 변의 길이가 짝수인 그림에 3 x 3 커널을 보폭 2로 쓰려면 0이 한 행, 한 열 필요합니다. 어디에 넣을까요? TensorFlow는 아래와 오른쪽에 넣습니다(`"same"`).
# PyTorch는 사방에 한 줄씩 두르는데(`"symmetric"`), 마지막 줄에는 창이 닿지 않습니다. 4 x 4 그림의 0번 창을 먼저 TensorFlow 방식으로 봅시다.

# %%
picture = np.arange(1.0, 17.0).reshape(4, 4)
nm.plots.windows(picture, D_K=3, window=0, stride=2, padding="same")

# %% [markdown] lang="en"
# Window 0 starts at the corner of the picture; the zeros come in at its other end. Now PyTorch's way:

# %% [markdown] lang="ko" of="cf0ce912"
# 0번 창은 그림의 모서리에서 시작하고, 0은 반대쪽 끝에서 들어옵니다. 이번에는 PyTorch 방식입니다.

# %%
nm.plots.windows(picture, D_K=3, window=0, stride=2, padding="symmetric")

# %% [markdown] lang="en"
# Four windows either way, so shapes and costs agree. But every window lies one pixel further up and to the left in the second, and sees other numbers.
#
# **Predict first.** Our weights were trained with `"same"`. Of 360 digits, 355 are right. How many with `"symmetric"`?

# %% [markdown] lang="ko" of="0adf0f74"
# 어느 쪽이든 창은 네 개이니 모양도 비용도 같습니다. 그러나 두 번째 그림에서는 모든 창이 한 픽셀씩 위로, 왼쪽으로 옮겨져 다른 수를 봅니다.
#
# **먼저 예상해 보세요.** 이 가중치는 `"same"`으로 학습되었고 360개 가운데 355개를 맞힙니다. `"symmetric"`으로 바꾸면 몇 개를 맞힐까요?

# %%
wrong = replace(model, padding="symmetric")
for one in (model, wrong):
    counted = sum(step.mult_adds for step in one.forward(x[:1]))
    print(f"{one.padding:10} {counted:,} mult-adds, output {one.predict(x).shape}, {right(one, x)} right")

# %% [markdown] lang="en"
# The same shapes, the same count, no warning, and 47 right, where guessing would give about 36. Why so bad? Add up the shifts: at each stride-2 layer the windows
# move by one pixel of that layer's input, which is 1, 2, 4, ... pixels of the picture.

# %% [markdown] lang="ko" of="08c04ffd"
# 모양도 같고 횟수도 같고 경고도 없는데 맞힌 것은 47개입니다. 찍어도 36개쯤은 맞힙니다. 왜 이렇게 나쁠까요? 옮겨진 거리를 더해 봅시다. 보폭이 2인 층마다 창이
# 그 층의 입력에서 한 픽셀씩 옮겨지는데, 원래 그림으로 치면 1, 2, 4, ... 픽셀입니다.

# %%
for resolution in (32, 224):
    shifts = [resolution // layer.D_F for layer in nm.mobilenet(resolution=resolution) if layer.stride == 2]
    print(resolution, "pixels:", shifts, "add up to", sum(shifts), f"or {sum(shifts) / resolution:.0%} of the side")

# %% [markdown] lang="en"
# 31 pixels: on our small pictures nearly the whole side, at 224 pixels 14 %. So a large picture should suffer less from this mistake, and that is how it can live in a program for years: the answers are a little worse, and nothing says so.

# %% [markdown] lang="ko" of="07890f2c"
# 모두 31픽셀입니다. 이 작은 그림에서는 거의 한 변 전체이고, 224픽셀에서는 14 %입니다. 그러니 큰 그림은 이 실수에 덜 상할 것입니다. 바로 그래서 이런 실수가 프로그램 속에서 몇 해씩 살아남습니다. 답이 조금 나빠질 뿐, 아무 표시도 나지 않습니다.

# %% [markdown] lang="en"
# ## Three more without an error
#
# **Predict first:** order these by harm. Rows and columns of each kernel exchanged; pixels scaled to 0 .. 1 instead of -1 .. 1; PyTorch's $\epsilon = 10^{-5}$ instead of $10^{-3}$.

# %% [markdown] lang="ko" of="eb340422"
# ## 오류 없는 실수 셋 더
#
# **먼저 예상해 보세요.** 해로운 순서대로 놓아 보세요. 커널마다 행과 열이 바뀐 것, 픽셀을 -1 .. 1 대신 0 .. 1로 맞춘 것, $\epsilon = 10^{-3}$ 대신 PyTorch의 $10^{-5}$를 쓴 것.


# %%
def turn(kernel):
    return kernel.swapaxes(0, 1) if kernel.ndim > 2 else kernel  # pointwise kernels have no rows


turned = {name: {**arrays, "kernel": turn(arrays["kernel"])} for name, arrays in model.weights.items()}

# %%
print("as it should be        ", right(model, x))
print("kernels turned         ", right(replace(model, weights=turned), x))
print("pixels from 0 to 1     ", right(model, (x + 1) / 2))
print("eps 1e-5 (not 1e-3)    ", right(replace(model, eps=1e-5), x))

# %% [markdown] lang="en"
# From ruinous (34) over bad (122) to hardly visible (354). All of them have the right shapes. The cure is the same for each: keep some pictures whose answers you know, and measure after loading.

# %% [markdown] lang="ko" of="36f5fc98"
# 완전히 망가진 것(34)부터 나쁜 것(122), 거의 티가 나지 않는 것(354)까지 있습니다. 모양은 모두 옳습니다. 대책은 하나입니다. 답을 아는 그림을 몇 장 간직해 두고, 불러온 다음에 반드시 재 보는 것입니다.

# %% [markdown] lang="en"
# ## A photograph and its top five
#
# If the environment variable `NPMOBILE_CACHE` names a folder with a fetched file, the next cell takes that network, and its labels are ImageNet's 1000. Otherwise the digits network looks at the photograph.
# `prepare` cuts out the centre square, makes it as large as the network wants it, and scales the pixels.
#
# **Predict first:** what can a network that knows only digits say of a portrait?

# %% [markdown] lang="ko" of="3f0632c0"
# ## 사진 한 장과 상위 다섯
#
# 환경 변수 `NPMOBILE_CACHE`가 받아 둔 파일이 있는 폴더를 가리키면 다음 셀은 그 네트워크를 씁니다. 이때 이름표는 ImageNet의 1000개입니다. 없으면 숫자 네트워크가 사진을 봅니다.
# `prepare`는 가운데 정사각형을 잘라 네트워크가 원하는 크기로 만들고 픽셀 값을 맞춥니다.
#
# **먼저 예상해 보세요.** 숫자밖에 모르는 네트워크가 인물 사진을 보면 뭐라고 할까요?

# %%
from matplotlib.cbook import get_sample_data

found = sorted(Path(os.environ.get("NPMOBILE_CACHE", "none")).glob("mobilenet_*.h5"))
seer = nm.load(found[0]) if found else model
photograph = get_sample_data("grace_hopper.jpg", asfileobj=False)
seen = seer.prepare(photograph)
nm.plots.guesses((seen + 1) / 2, seer.classify(photograph, k=5))

# %% [markdown] lang="en"
# A network answers with one of its labels, whatever it sees: softmax makes the ten (or the thousand) add up to 1, and there is no label "I do not know". The digits network is even sure of itself. A high probability is no proof that the question made sense.

# %% [markdown] lang="ko" of="39f6977d"
# 무엇을 보든 네트워크는 자기 이름표 가운데 하나로 답합니다. 소프트맥스는 열 개(또는 천 개)의 합을 1로 만들 뿐이고, "모르겠다"라는 이름표는 없습니다. 숫자 네트워크는 자신만만하기까지 합니다. 확률이 높다고 해서 질문이 말이 된다는 뜻은 아닙니다.

# %% [markdown] lang="en"
# Now a picture that suits the digits network: dark ink on light paper, as a camera would see it. 255 is white. Read it with `classify`, as it comes and as a negative:

# %% [markdown] lang="ko" of="fab6f14b"
# 이번에는 숫자 네트워크에 맞는 그림입니다. 카메라로 찍은 것처럼 밝은 종이에 짙은 잉크로 쓴 숫자이고, 255가 흰색입니다. 그대로, 그리고 반전해서 `classify`로 읽어 봅시다.

# %%
ink = np.kron(x[0, ::4, ::4, 0] + 1, np.ones((12, 12))) / 2  # (32, 32) -> (8, 8) -> (96, 96), 0 is paper
paper = np.full((96, 160), 255, np.uint8)  # wider than high: the sides will be cut off
paper[:, 32:128] = 255 - 255 * ink

# %%
for words, one in (("as it comes", paper), ("as a negative", 255 - paper)):
    print(f"{words:14}", [f"{label} {probability:.1%}" for label, probability in model.classify(one, k=3)])
print("it is a", truth[0])
assert model.classify(255 - paper, k=1)[0][0] == str(truth[0]), "is ink light and paper dark?"

# %% [markdown] lang="en"
# This network learned light ink on dark paper. How a picture must be prepared belongs to the weights like the padding does, and the file does not say it either.

# %% [markdown] lang="ko" of="e3c49dda"
# 이 네트워크는 어두운 종이의 밝은 잉크를 배웠습니다. 그림을 어떻게 준비해야 하는지도 채움과 마찬가지로 가중치에 딸린 것이고, 이것 역시 파일에는 적혀 있지 않습니다.

# %% [markdown] lang="en"
# ## A damaged file
#
# Downloads break off, disks flip bits. What should a program do? Refuse the file whole, and say what is wrong with it. First a file that is cut off, then one with a single changed byte:

# %% [markdown] lang="ko" of="7f3d4e44"
# ## 망가진 파일
#
# 내려받기는 중간에 끊어지고, 디스크에서는 비트가 뒤집힙니다. 프로그램은 어떻게 해야 할까요? 파일을 통째로 거절하고 무엇이 잘못되었는지 말해야 합니다. 먼저 중간에 잘린 파일, 다음은 한 바이트만 바뀐 파일입니다.


# %%
def refusal(path):
    try:
        nm.load(path)
    except ValueError as error:
        return str(error).replace(str(path), path.name)
    return "accepted"


# %%
whole = path.read_bytes()
print(f"{len(whole):,} bytes")
broken = folder / "broken.npz"
middle = len(whole) // 2
for damaged in (whole[:middle], whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :]):
    broken.write_bytes(damaged)
    print(refusal(broken))

# %% [markdown] lang="en"
# One bit changed among all those bytes, and the file is refused: `.npz` keeps a check sum for each array. Next, a whole file with the wrong arrays in it. How many messages do you want to read?

# %% [markdown] lang="ko" of="2f354347"
# 그 많은 바이트 가운데 한 비트만 바뀌어도 거절합니다. `.npz`는 배열마다 검사합을 간직하기 때문입니다. 다음은 파일은 온전한데 배열이 잘못된 경우입니다. 오류 메시지를 몇 번에 나누어 읽고 싶으신가요?

# %%
other = {name: dict(arrays) for name, arrays in model.weights.items()}
other["conv_dw_3"]["mean"] = other["conv_dw_3"]["mean"][:-1]  # mis-shaped
del other["conv_pw_5"]["gamma"]  # missing
other["fc"]["scale"] = np.ones(10, np.float32)  # extra
nm.weights.save(broken, other)
print(refusal(broken))

# %% [markdown] lang="en"
# All three at once: nobody wants to mend a file one message at a time. Last, numbers of the right shape that no training gives:

# %% [markdown] lang="ko" of="45c1e4e2"
# 셋을 한꺼번에 알려 줍니다. 메시지를 하나 볼 때마다 파일을 하나씩 고치고 싶은 사람은 없으니까요. 마지막으로, 모양은 맞지만 학습에서는 나올 수 없는 수들입니다.

# %%
sick = {name: {key: array.copy() for key, array in arrays.items()} for name, arrays in model.weights.items()}
sick["conv1"]["kernel"][0, 0, 0, 0] = np.nan
sick["conv_pw_1"]["var"][3] = -1
nm.weights.save(broken, sick)
print(refusal(broken))
assert refusal(path) == "accepted", "the whole file must still be taken"

# %% [markdown] lang="en"
# A negative variance would have become NaN under the root, and NaN spreads to every answer. What no check here can find are finite numbers of the right shape that are wrong. Against those `fetch` writes a file's SHA-256 beside it, and you measure.

# %% [markdown] lang="ko" of="6bb0a12f"
# 음의 분산은 제곱근에서 NaN이 되고, NaN은 모든 답으로 번집니다. 모양도 맞고 유한하지만 틀린 수는 여기의 어떤 검사로도 찾지 못합니다. 그래서 `fetch`는 파일 옆에 SHA-256을 적어 두고, 여러분은 직접 재 봅니다.

# %% [markdown] lang="en"
# ## Exercises
#
# 1. By hand: $\gamma = 2$, $\beta = 0$, $\mu = 3$, $\sigma^2 = 16$, $\epsilon = 0$. Fold it. For which $z$ is the output 0?
# 2. Can a batch norm be folded that stands *behind* a ReLU6 rather than before it? Into what?
# 3. On an odd side, say 5, with stride 2 and $D_K = 3$: how do `"same"` and `"symmetric"` differ? Draw both with `nm.plots.windows`.
# 4. At stride 1, what happens if the padding is confused?
# 5. Discuss: you may add one line of text to every published weight file. What would you write into it?
#
# <details><summary>Answers</summary>
#
# 1. $s = 2/4 = 0.5$ and the bias is $0 - 3 \cdot 0.5 = -1.5$. The output is 0 at $z = \mu = 3$.
# 2. Not backwards: ReLU6 is no multiplication, so the scale cannot pass through it. But forwards: the *next* convolution can take the scale into its kernel, channel by channel, and the offset into a bias; only at the border, where padding brings zeros that were not shifted, is it not exact.
# 3. Not at all: two zeros are needed, one on each side, and both put them there.
# 4. Nothing: for $D_K = 3$ both put one zero on every side. Only the layers with stride 2 differ.
# 5. For example: resolution, scaling of the pixels and order of the colours, padding, $\epsilon$, labels, and one picture with its top five, so that anyone can measure.
#
# </details>

# %% [markdown] lang="ko" of="5ce556ad"
# ## 연습 문제
#
# 1. 손으로: $\gamma = 2$, $\beta = 0$, $\mu = 3$, $\sigma^2 = 16$, $\epsilon = 0$을 접어 보세요. 출력이 0이 되는 $z$는 얼마인가요?
# 2. 배치 정규화가 ReLU6의 앞이 아니라 *뒤*에 있어도 접을 수 있을까요? 어디에 접나요?
# 3. 변이 홀수일 때, 이를테면 5이고 보폭이 2, $D_K = 3$이면 `"same"`과 `"symmetric"`은 어떻게 다른가요? `nm.plots.windows`로 둘 다 그려 보세요.
# 4. 보폭이 1일 때 채움을 혼동하면 어떻게 되나요?
# 5. 토론: 공개된 가중치 파일마다 글을 한 줄씩 넣을 수 있다면 무엇을 적겠습니까?
#
# <details><summary>답</summary>
#
# 1. $s = 2/4 = 0.5$이고 편향은 $0 - 3 \cdot 0.5 = -1.5$입니다. $z = \mu = 3$일 때 출력이 0입니다.
# 2. 앞쪽으로는 안 됩니다. ReLU6는 곱셈이 아니라서 배율이 통과하지 못합니다. 그러나 뒤쪽으로는 됩니다. *다음* 합성곱이 채널마다 배율을 커널에, 더하는 수를 편향에 받아들일 수 있습니다. 다만 가장자리에서는 정확하지 않습니다. 채움으로 들어온 0에는 그 수가 더해지지 않았기 때문입니다.
# 3. 다르지 않습니다. 0이 두 줄 필요해서 양쪽에 한 줄씩 넣는데, 두 방식 모두 그렇게 합니다.
# 4. 아무 일도 없습니다. $D_K = 3$이면 둘 다 사방에 0을 한 줄씩 두릅니다. 보폭이 2인 층에서만 다릅니다.
# 5. 예를 들면 해상도, 픽셀 값의 범위와 색의 순서, 채움, $\epsilon$, 이름표, 그리고 누구나 재 볼 수 있도록 그림 한 장과 그 상위 다섯입니다.
#
# </details>
