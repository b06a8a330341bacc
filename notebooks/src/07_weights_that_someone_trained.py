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
# To train MobileNet on ImageNet, one has to show it more than a million photos, many times over. The authors did it and published the weights, so we can load a file and use it. But the file holds only numbers. If we run them in another way than in training, the answers get worse and no error message says so. In this lesson we make five such mistakes on purpose, and we measure what each of them does.
#
# After this lesson you can
#
# - say what a file of weights contains, and what you must know besides;
# - explain what batch norm computes, and fold it into the convolution before it, on paper and in code;
# - name five mistakes that raise no error, explain why each changes the answers, and find it by measuring;
# - say which damages of a file a program can find, and which it cannot.
#
# About 50 minutes, without the exercises. You need: lesson 3. Have pencil and paper ready. You need no internet.

# %% [markdown] lang="ko" of="558a03d8"
# # 7. 공개된 학습 가중치
#
# MobileNet을 ImageNet으로 학습하려면 사진 100만여 장을 여러 번 되풀이해서 입력해야 합니다. 다행히 저자들이 학습한 가중치를 공개했으므로, 우리는 파일을 불러와서 쓰면 됩니다. 그런데 이 파일에는 가중치 값만 들어 있습니다. 학습할 때와 다른 방식으로 실행하면 결과가 나빠지는데도 오류 메시지는 나오지 않습니다. 이번 강의에서는 이런 실수 다섯 가지를 일부러 해 보고, 각각 결과가 얼마나 나빠지는지 측정합니다.
#
# 이 강의를 마치면
#
# - 가중치 파일에 무엇이 들어 있고, 그 밖에 무엇을 알아야 하는지 말할 수 있습니다.
# - 배치 정규화가 무엇을 계산하는지 설명하고, 앞의 합성곱에 병합하는 계산을 종이와 코드로 할 수 있습니다.
# - 오류 메시지 없이 답이 달라지는 실수 다섯 가지를 말하고, 왜 달라지는지 설명하고, 측정해서 찾아낼 수 있습니다.
# - 파일이 손상되었을 때 프로그램이 찾아낼 수 있는 것과 없는 것을 구별할 수 있습니다.
#
# 강의 시간은 연습 문제를 빼고 약 50분입니다. 3강의 내용을 알고 있으면 됩니다. 연필과 종이를 준비하세요. 인터넷은 필요 없습니다.

# %%
WHEEL = ""  # in Colab or JupyterLite: the address of npmobile's wheel, or the name of the file that you uploaded
try:
    import npmobile as nm
except ImportError as error:
    if not WHEEL:
        raise ImportError("install npmobile first: pip install . in its folder, or name its wheel above") from error
    # %pip install -q {WHEEL}
    import npmobile as nm
import os
import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np

_ = nm.language.use("en")

# %% [markdown] lang="en"
# ## Which files are published?
#
# The authors published their 16 networks (lesson 4): four widths times four resolutions. Keras, a library for neural networks, distributes all 16 as files. In the name `mobilenet_2_5_224_tf.h5`, `2_5` stands for $\alpha = 0.25$ and `224` for the resolution.
#
# The next cell looks for such a file. There are three ways to give it one:
#
# - Put the file into the folder of this notebook, and beside it `imagenet_class_index.json`, which holds the names of the 1,000 classes. In class, your teacher may share both.
# - Or set the environment variable `NPMOBILE_WEIGHTS` to the path of a file.
# - Or, with internet, remove the first `#` in the second line of the cell. Then `fetch` downloads the file (2 MB) once and keeps it.
#
# If there is no file, the lesson uses the small network from lesson 3, which reads handwritten digits and comes with the package. The cell prints which of the two you have.

# %% [markdown] lang="ko" of="e4a3544f"
# ## 공개된 파일
#
# 어떤 파일이 공개되어 있을까요? 저자들은 네트워크 16개를 공개했습니다(4강). 너비 네 가지와 해상도 네 가지를 조합한 것입니다. 신경망 라이브러리 Keras가 16개를 모두 파일로 배포합니다. 파일 이름 `mobilenet_2_5_224_tf.h5`에서 `2_5`는 $\alpha = 0.25$, `224`는 해상도를 뜻합니다.
#
# 다음 셀은 이런 파일을 찾습니다. 파일을 준비하는 방법은 세 가지입니다.
#
# - 이 노트북이 있는 폴더에 파일을 넣습니다. 클래스 1,000개의 이름이 들어 있는 `imagenet_class_index.json`도 함께 넣습니다. 수업에서는 선생님이 두 파일을 나누어 줄 수도 있습니다.
# - 또는 환경 변수 `NPMOBILE_WEIGHTS`에 파일의 경로를 지정합니다.
# - 또는 인터넷이 되면 셀의 두 번째 줄 맨 앞에 있는 `#`을 지웁니다. 그러면 `fetch`가 파일(2MB)을 한 번만 내려받아 보관합니다.
#
# 파일이 없으면 3강에서 쓴 작은 네트워크를 씁니다. 손글씨 숫자를 읽는 네트워크이고, 패키지에 들어 있습니다. 앞으로 **숫자 네트워크**라고 부르겠습니다. 둘 가운데 어느 것을 쓰는지는 출력의 첫 줄에 나옵니다. none found, so the digits network takes its place는 "파일이 없어서 숫자 네트워크를 대신 쓴다"는 뜻입니다.

# %%
given = os.environ.get("NPMOBILE_WEIGHTS")
# given = nm.fetch("keras/mobilenet_2_5_224")
files = [Path(given)] if given else sorted(Path().glob("mobilenet_*_tf.h5"))
published = nm.load(files[0]) if files else None
print("published file:", files[0].name if files else "none found, so the digits network takes its place")
print(published if published else nm.digits())

# %% [markdown] lang="en"
# The second line describes the network: the shape of an image, the number of classes, how many numbers the weights have and of which type, and the padding.
#
# The published file comes back near the end, with a photograph. Until then everybody uses the digits network, because we have 360 test images with known answers for it. With them we can measure what a mistake does.
#
# ## What does a file of weights contain?
#
# We write the weights of the digits network to a file, and then look into the file with NumPy alone.
#
# **Predict first.** The network has 27 convolutions, a pool and a classifier. Each convolution has its kernel and four arrays of batch norm. The classifier has a kernel and a bias. How many arrays are in the file?

# %% [markdown] lang="ko" of="b9e1ca84"
# 두 번째 줄은 네트워크에 대한 설명입니다. 이미지의 형상(image), 클래스 개수(classes), 가중치의 값이 모두 몇 개인지(numbers), 자료형(float32), 패딩(padding)이 차례로 나옵니다.
#
# 공개된 파일은 뒤에서 사진을 분류할 때 다시 씁니다. 그때까지는 모두 숫자 네트워크를 씁니다. 숫자 네트워크에는 정답을 아는 테스트 이미지가 360장 있어서, 실수를 하면 결과가 얼마나 나빠지는지 측정할 수 있기 때문입니다.
#
# ## 가중치 파일의 내용
#
# 가중치 파일에는 무엇이 들어 있을까요? 숫자 네트워크의 가중치를 파일에 저장한 다음, NumPy만 써서 그 안을 들여다봅시다.
#
# **먼저 예상해 보세요.** 이 네트워크는 합성곱 27개, 풀링, 분류기로 되어 있습니다. 합성곱마다 커널 하나와 배치 정규화의 배열 네 개가 있고, 분류기에는 커널과 편향이 있습니다. 파일에 들어 있는 배열(array)은 모두 몇 개일까요?

# %%
folder = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
path = Path(folder.name) / "digits.npz"
nm.weights.save(path, nm.digits().weights)

# %% jupyter={"outputs_hidden": true}
with np.load(path, allow_pickle=False) as file:
    stored = dict(file)  # name -> array
for name in list(stored)[:6]:
    print(f"{name:18}{stored[name].shape}")
print(len(stored), "arrays with", f"{sum(array.size for array in stored.values()):,} numbers")
assert len(stored) == 27 * 5 + 2, "five for each convolution, two for the classifier, none for the pool"

# %% [markdown] lang="en"
# There are 137 arrays. Each has a name and a shape, and nothing else is in the file: no table of layers and no $\alpha$.
#
# **Predict first.** `nm.load` gets only the path of this file. Which of these seven can it find out from the names and shapes: $\alpha$, the number of classes, the names of the classes, the resolution, the padding, the $\epsilon$ of batch norm, the range of the pixel values?

# %% [markdown] lang="ko" of="6da2e584"
# 배열은 137개입니다. 배열마다 이름과 형상이 있을 뿐이고, 파일에는 그 밖에 아무것도 없습니다. 층의 표도 없고 $\alpha$도 없습니다.
#
# **먼저 예상해 보세요.** `nm.load`에는 이 파일의 경로만 줍니다. 다음 일곱 가지 가운데 배열의 이름과 형상에서 알아낼 수 있는 것은 무엇일까요? $\alpha$, 클래스 개수, 클래스의 이름, 해상도, 패딩, 배치 정규화의 $\epsilon$, 픽셀 값의 범위.

# %% jupyter={"outputs_hidden": true}
loaded = nm.load(path)
last = stored["conv_pw_13/kernel"].shape
print(f"conv_pw_13 has the kernel {last}, so alpha = {last[1]} / 1024 = {last[1] / 1024}")
print(f"fc has the kernel {stored['fc/kernel'].shape}, so there are {stored['fc/kernel'].shape[1]} classes")
print("assumed:", loaded.labels[:2], loaded.resolution, loaded.padding, loaded.eps)

# %% [markdown] lang="en"
# Only the first two. In the paper's network `conv_pw_13` has 1,024 channels, here it has 256, so $\alpha = 0.25$. No kernel depends on the size of the image (lesson 3), and the other four do not change any shape. So `load` has to assume something: resolution 224, padding `"same"`, $\epsilon = 0.001$, pixel values from -1 to 1. The resolution is wrong here: these weights were trained with 32.
#
# Other files say more. "Assumed" means that `load` takes the usual value and you have to check it:
#
# | what you must know | this file | Keras, weights alone | Hugging Face |
# |---|---|---|---|
# | $\alpha$, number of classes | shapes | shapes | shapes |
# | names of the classes | missing | `imagenet_class_index.json` | `config.json` |
# | resolution | assumed | name of the file | `config.json` |
# | padding, $\epsilon$ | assumed | assumed | `config.json` |
# | range of the pixel values | assumed | assumed | `preprocessor_config.json` |
#
# (Hugging Face is a website where people share networks. The files whose names end in `.json` lie beside the weights.)
#
# Now we correct the resolution and the labels, and count the right answers.

# %% [markdown] lang="ko" of="fe8129ca"
# 앞의 두 가지뿐입니다(출력의 assumed는 가정한 값입니다). 논문의 네트워크에서 `conv_pw_13`의 채널은 1,024개인데 여기서는 256개이므로 $\alpha = 0.25$입니다. 커널의 크기는 이미지의 크기와 관계가 없고(3강), 나머지 네 가지가 달라도 형상은 바뀌지 않습니다. 그래서 `load`는 흔히 쓰는 값을 가정할 수밖에 없습니다. 해상도 224, 패딩 `"same"`, $\epsilon = 0.001$, 픽셀 값의 범위 -1~1입니다. 여기서 해상도는 틀렸습니다. 이 가중치는 해상도 32에서 학습한 것입니다.
#
# 다른 파일에는 정보가 더 있습니다. 표에서 "가정"은 `load`가 흔히 쓰는 값을 넣는다는 뜻이므로, 맞는지 우리가 확인해야 합니다.
#
# | 알아야 하는 것 | 이 파일 | Keras(가중치 파일만) | Hugging Face |
# |---|---|---|---|
# | $\alpha$, 클래스 개수 | 형상 | 형상 | 형상 |
# | 클래스의 이름 | 없음 | `imagenet_class_index.json` | `config.json` |
# | 해상도 | 가정 | 파일 이름 | `config.json` |
# | 패딩, $\epsilon$ | 가정 | 가정 | `config.json` |
# | 픽셀 값의 범위 | 가정 | 가정 | `preprocessor_config.json` |
#
# (Hugging Face는 네트워크를 공유하는 웹사이트입니다. 이름이 `.json`으로 끝나는 파일은 가중치 파일과 같은 폴더에 있습니다.)
#
# 이제 해상도와 레이블을 바로잡고, 몇 개를 맞히는지 세어 봅시다. 앞으로 출력에 나오는 ... of 360 digits are right는 "숫자 360개 가운데 ...개를 맞혔다"는 뜻입니다.

# %%
x, labels = nm.digits_test()  # (360, 32, 32, 3) and (360,)


def right(model, x):
    return int((model.predict(x).argmax(axis=1) == labels).sum())


# %%
model = replace(loaded.at(32), labels=tuple("0123456789"))
print(right(model, x), "of", len(x), "digits are right")
assert np.array_equal(model.predict(x), nm.digits().predict(x)), "is the resolution 32?"

# %% [markdown] lang="en"
# 355 of the 360 digits are right, as in lesson 3. This number is our measuring instrument: after each mistake we count again. Someone who only guesses gets one in ten right, about 36.

# %% [markdown] lang="ko" of="d4085794"
# 3강에서처럼 360개 가운데 355개를 맞힙니다. 맞힌 개수가 이번 강의의 측정 기준입니다. 실수를 할 때마다 다시 세어 봅니다. 아무렇게나 찍으면 열 개에 하나, 즉 약 36개를 맞힙니다.

# %% [markdown] lang="en"
# ## Mistake 1: the axes of a kernel in another order
#
# Each framework stores the axes of a kernel in its own order:
#
# | kernel | npmobile | Keras | PyTorch |
# |---|---|---|---|
# | standard | `(D_K, D_K, M, N)` | `(D_K, D_K, M, N)` | `(N, M, D_K, D_K)` |
# | depthwise | `(D_K, D_K, M)` | `(D_K, D_K, M, 1)` | `(M, 1, D_K, D_K)` |
# | pointwise | `(M, N)` | `(1, 1, M, N)` | `(N, M, 1, 1)` |
# | classifier | `(M, N)` | `(1, 1, M, N)` | `(N, M)` |
#
# So a program that reads a file of PyTorch must put the axes into our order. For a standard kernel, `kernel.transpose(2, 3, 1, 0)` does this: first axes 2 and 3 ($D_K$, $D_K$), then axis 1 ($M$), then axis 0 ($N$). What if somebody writes `transpose(3, 2, 1, 0)`, which just reverses the order? Then the two axes of length $D_K$ change places. Each filter is transposed: its rows become its columns.
#
# By hand, one window and one filter, the right one and the transposed one:
#
# $$\text{window } \begin{pmatrix} 1 & 2 \\ 4 & 5 \end{pmatrix} \qquad \text{right } \begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix} \qquad \text{transposed } \begin{pmatrix} 1 & 3 \\ 2 & 4 \end{pmatrix}$$
#
# **Predict first.** Which output does each filter give? And of the 360 digits, how many does the network read correctly if all its 3 x 3 filters are transposed?

# %% [markdown] lang="ko" of="524aa663"
# ## 실수 1: 커널의 축 순서
#
# 커널의 축을 저장하는 순서는 프레임워크마다 다릅니다. 순서를 혼동하면 어떻게 될까요?
#
# | 커널 | npmobile | Keras | PyTorch |
# |---|---|---|---|
# | 표준 | `(D_K, D_K, M, N)` | `(D_K, D_K, M, N)` | `(N, M, D_K, D_K)` |
# | 깊이별 | `(D_K, D_K, M)` | `(D_K, D_K, M, 1)` | `(M, 1, D_K, D_K)` |
# | 점별 | `(M, N)` | `(1, 1, M, N)` | `(N, M, 1, 1)` |
# | 분류기 | `(M, N)` | `(1, 1, M, N)` | `(N, M)` |
#
# 그래서 PyTorch 파일을 읽는 프로그램은 축을 우리 순서로 바꾸어야 합니다. 표준 커널이면 `kernel.transpose(2, 3, 1, 0)`입니다. 2번, 3번 축($D_K$, $D_K$)을 먼저 놓고 1번 축($M$), 0번 축($N$)을 차례로 놓습니다. 그런데 순서를 그냥 뒤집어서 `transpose(3, 2, 1, 0)`이라고 쓰면 길이가 $D_K$로 같은 두 축이 서로 바뀝니다. 필터마다 행과 열이 바뀌는 것, 즉 전치(transpose)되는 것입니다.
#
# 윈도우 하나에 올바른 필터와 전치된 필터를 각각 적용해서 손으로 계산해 봅시다.
#
# $$\text{윈도우 } \begin{pmatrix} 1 & 2 \\ 4 & 5 \end{pmatrix} \qquad \text{올바른 필터 } \begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix} \qquad \text{전치된 필터 } \begin{pmatrix} 1 & 3 \\ 2 & 4 \end{pmatrix}$$
#
# **먼저 예상해 보세요.** 두 필터의 출력은 각각 얼마일까요? 그리고 네트워크의 3 x 3 필터를 모두 전치하면 숫자 360개 가운데 몇 개를 맞힐까요?

# %%
kernel = model.weights["conv1"]["kernel"]
torch_kernel = kernel.transpose(3, 2, 0, 1)  # (D_K, D_K, M, N) -> (N, M, D_K, D_K)
good, bad = torch_kernel.transpose(2, 3, 1, 0), torch_kernel.transpose(3, 2, 1, 0)
print("shapes", good.shape, "and", bad.shape)
print("equal to the kernel:", np.array_equal(good, kernel), "and", np.array_equal(bad, kernel))


# %%
def transposed(kernel):
    return kernel.swapaxes(0, 1) if kernel.ndim > 2 else kernel  # pointwise: one row, one column


mistake = {name: {**arrays, "kernel": transposed(arrays["kernel"])} for name, arrays in model.weights.items()}

# %% jupyter={"outputs_hidden": true}
window, filter_ = np.array([[1, 2], [4, 5]]), np.array([[1, 2], [3, 4]])
print("by hand:", (window * filter_).sum(), "and", (window * filter_.T).sum())
print(right(replace(model, weights=mistake), x), "of 360 digits are right")
assert right(replace(model, weights=mistake), x) == 34, "are the depthwise filters transposed, too?"

# %% [markdown] lang="en"
# By hand the outputs are 37 and 35. The network reads 34 of the 360 digits correctly, no more than by guessing. `bad` has exactly the shape that is wanted, because both axes have the length 3. So no check of shapes can find this mistake, and `Model` accepts the weights.

# %% [markdown] lang="ko" of="3fd06da9"
# 손으로 계산하면 37과 35입니다. 필터를 모두 전치한 네트워크는 360개 가운데 34개를 맞힙니다. 아무렇게나 찍는 것보다 나을 것이 없습니다. 두 축의 길이가 모두 3이므로 `bad`의 형상은 올바른 커널과 똑같습니다. 그래서 형상을 검사해도 이 실수는 찾을 수 없고, `Model`은 이 가중치를 그대로 받아들입니다.

# %% [markdown] lang="en"
# ## What does batch norm compute?
#
# Lesson 3 said that batch norm multiplies each channel by one number and adds another. Where do the numbers come from?
#
# During training, the network processes a batch of images at a time. Batch norm takes all values $z$ that the convolution gives in one channel, at all pixels of all images of the batch. It computes their mean $\mu$ and their variance $\sigma^2$, which is the mean of the squared distances from $\mu$. Then it computes
#
# $$y = \gamma \, \frac{z - \mu}{\sqrt{\sigma^2 + \epsilon}} + \beta$$
#
# The fraction has mean 0 and variance 1 (nearly, because of $\epsilon$). So the values keep a useful size in every layer. Then $\gamma$ (gamma) and $\beta$ (beta) give the channel the scale and the offset that are best for the network. They are parameters: training finds them. The small constant $\epsilon$ (epsilon) makes sure that nothing is divided by 0.
#
# **Predict first.** A channel has only two values, 3 and 7. Let $\gamma = 6$, $\beta = 1$ and $\epsilon = 0$. Compute $\mu$, $\sigma^2$ and both values of $y$ on paper.

# %% [markdown] lang="ko" of="199483d3"
# ## 배치 정규화의 계산
#
# 3강에서 배치 정규화는 채널마다 값 하나를 곱하고 다른 값 하나를 더한다고 했습니다. 이 두 값은 어떻게 정해질까요?
#
# 학습할 때는 이미지 여러 장을 한 배치로 묶어서 처리합니다. 합성곱이 한 채널에서 계산한 값 $z$를, 배치에 있는 모든 이미지의 모든 픽셀에서 모읍니다. 그리고 그 평균 $\mu$와 분산 $\sigma^2$을 구합니다. 분산은 $\mu$와의 차이를 제곱해서 평균한 것입니다. 그다음 이렇게 계산합니다.
#
# $$y = \gamma \, \frac{z - \mu}{\sqrt{\sigma^2 + \epsilon}} + \beta$$
#
# 분수 부분은 평균이 0, 분산이 1입니다($\epsilon$ 때문에 아주 조금 다릅니다). 그래서 어느 층에서나 값의 크기가 적당하게 유지됩니다. $\gamma$(감마)는 스케일(scale), $\beta$(베타)는 오프셋(offset)이고, 그 채널에 가장 알맞은 값이 학습으로 정해집니다. 즉 둘 다 매개변수입니다. 작은 상수 $\epsilon$(엡실론)은 0으로 나누지 않으려고 더합니다.
#
# **먼저 예상해 보세요.** 어떤 채널의 값이 3과 7, 두 개뿐입니다. $\gamma = 6$, $\beta = 1$, $\epsilon = 0$일 때 $\mu$와 $\sigma^2$, 그리고 두 $y$를 종이에 계산해 보세요. (출력의 mean은 평균, variance는 분산입니다.)

# %% jupyter={"outputs_hidden": true}
z, gamma, beta = np.array([3.0, 7.0]), 6, 1
mean, var = z.mean(), z.var()
y = gamma * (z - mean) / np.sqrt(var) + beta
print("mean", mean, " variance", var, " y", y)
assert (mean, var, y.tolist()) == (5, 4, [-5, 7]), "both values have the distance 2 from the mean"

# %% [markdown] lang="en"
# The mean is 5 and the variance is $(2^2 + 2^2) / 2 = 4$. The fraction gives $-1$ and $1$, so $y$ is $-5$ and $7$.
#
# After training, the answer for one image should not depend on which other images are in the batch. So training also keeps running averages of $\mu$ and $\sigma^2$, and the file stores them as `mean` and `var`. From then on all four numbers of a channel are constants.
#
# ## How is batch norm folded into the convolution?
#
# With four constants, the formula is a multiplication and an addition:
#
# $$y = s\,z + b, \qquad s = \frac{\gamma}{\sqrt{\sigma^2 + \epsilon}}, \qquad b = \beta - \mu s$$
#
# And $z$ is a sum of products of kernel elements and input values. To multiply the sum by $s$, we can multiply every kernel element by $s$ instead. So a convolution with the kernel $s K$ and the bias $b$ gives $y$ directly. We say that the batch norm is **folded** into the convolution.
#
# By hand, for the channel above: $s = 6 / 2 = 3$ and $b = 1 - 5 \cdot 3 = -14$. Then $3 \cdot 3 - 14 = -5$ and $3 \cdot 7 - 14 = 7$, as before.
#
# The last axis of each kernel is its output channel. So in NumPy, `kernel * s` multiplies each filter by the $s$ of its own channel:

# %% [markdown] lang="ko" of="c1a2d9e8"
# 평균은 5이고 분산은 $(2^2 + 2^2) / 2 = 4$입니다. 분수 부분이 $-1$과 $1$이므로 $y$는 $-5$와 $7$입니다.
#
# 학습이 끝난 뒤에는, 이미지 한 장에 대한 답이 같은 배치에 있는 다른 이미지에 따라 달라져서는 안 됩니다. 그래서 학습하는 동안 $\mu$와 $\sigma^2$의 이동 평균(running average)을 계속 구해 두고, 파일에는 이것을 `mean`과 `var`라는 이름으로 저장합니다. 학습이 끝나면 채널마다 네 값($\gamma$, $\beta$, $\mu$, $\sigma^2$)이 모두 상수입니다.
#
# ## 배치 정규화의 병합
#
# 네 값이 상수이면 식은 곱셈 한 번과 덧셈 한 번이 됩니다.
#
# $$y = s\,z + b, \qquad s = \frac{\gamma}{\sqrt{\sigma^2 + \epsilon}}, \qquad b = \beta - \mu s$$
#
# 그런데 $z$는 커널의 원소와 입력의 원소를 곱해서 더한 것입니다. 합에 $s$를 곱하는 대신 커널의 모든 원소에 $s$를 곱해도 됩니다. 따라서 커널이 $s K$이고 편향이 $b$인 합성곱을 하면 바로 $y$가 나옵니다. 이렇게 바꾸는 것을 배치 정규화를 합성곱에 **병합**(folding)한다고 합니다.
#
# 위의 예를 손으로 계산해 보면 $s = 6 / 2 = 3$, $b = 1 - 5 \cdot 3 = -14$입니다. 그러면 $3 \cdot 3 - 14 = -5$, $3 \cdot 7 - 14 = 7$로 결과가 같습니다.
#
# 커널의 마지막 축은 언제나 출력 채널입니다. 그래서 NumPy에서 `kernel * s`라고 쓰면 필터마다 해당 채널의 $s$가 곱해집니다.


# %%
def fold(kernel, gamma, beta, mean, var, eps=1e-3):
    s = gamma / np.sqrt(var + eps)  # (N,)
    return kernel * s, beta - mean * s  # the kernel, the bias


# %%
kernel, bias = fold(**model.weights["conv1"])
folded = nm.weights.fold(model.weights)  # the package does the same for all convolutions
assert np.array_equal(kernel, folded["conv1"]["kernel"]), "each filter gets its own s"
assert np.array_equal(bias, folded["conv1"]["bias"]), "the bias is beta - mean * s"

# %% [markdown] lang="en"
# **Predict first.** We fold all 27 batch norms. How many of the 137 arrays are left? Lesson 3 counted 834,688 mult-adds and 860,416 multiplications in one forward pass: what are these two numbers now? And how many of the 360 answers change?

# %% [markdown] lang="ko" of="e7cd412d"
# **먼저 예상해 보세요.** 배치 정규화 27개를 모두 병합합니다. 배열은 137개에서 몇 개로 줄어들까요? 3강에서 순전파 한 번에 곱셈-누산이 834,688번, 곱셈이 모두 860,416번이었습니다. 이제 각각 몇 번일까요? 그리고 답 360개 가운데 몇 개가 바뀔까요? (출력의 as trained는 학습된 그대로, folded는 병합한 뒤, multiplications는 곱셈, answers change는 바뀐 답입니다.)


# %%
def scores(x, weights):
    *_, last = nm.forward(x, model.layers, weights)
    return last.y


# %% jupyter={"outputs_hidden": true}
for name, weights in (("as trained", model.weights), ("folded", folded)):
    arrays = sum(len(arrays) for arrays in weights.values())
    mult_adds = sum(step.mult_adds for step in nm.forward(x[:1], model.layers, weights))
    multiplications = nm.counting.count(scores, x[:1], weights).multiplications
    print(f"{name:10} {arrays:3} arrays, {mult_adds:,} mult-adds, {multiplications:,} multiplications")
before, after = scores(x, model.weights), scores(x, folded)
print((before.argmax(axis=1) != after.argmax(axis=1)).sum(), "answers change")
assert np.allclose(before, after, atol=1e-3), "folding changes the scores by rounding only"

# %% [markdown] lang="en"
# 56 arrays are left, two for each of 28 layers. The mult-adds do not change, because we never counted batch norm. But the 25,728 multiplications of batch norm are gone, and so is one pass over every feature map. No answer changes. `model.predict` therefore runs folded weights; `model.forward` runs them as trained, so that we can look at every step.

# %% [markdown] lang="ko" of="b8ae0f23"
# 28개 층에 두 개씩, 56개가 남습니다. 곱셈-누산 횟수는 그대로입니다. 배치 정규화는 처음부터 곱셈-누산으로 세지 않았기 때문입니다. 하지만 배치 정규화의 곱셈 25,728번이 없어졌고, 특징 맵마다 모든 원소를 읽고 쓰는 과정도 한 번씩 줄었습니다. 답은 하나도 바뀌지 않습니다. 그래서 `model.predict`는 병합한 가중치로 실행합니다. `model.forward`는 중간 과정을 볼 수 있도록 학습된 그대로 실행합니다.

# %% [markdown] lang="en"
# ## Mistake 2: another ε
#
# The file does not say $\epsilon$. MobileNet was trained with $\epsilon = 10^{-3}$ in TensorFlow, but batch norm in PyTorch has $10^{-5}$ unless one says otherwise.
#
# **Predict first.** By which factor does $s$ change for a channel with $\sigma^2 = 1$, and by which for a channel with $\sigma^2 = 0$? How many of the 360 digits are still right?

# %% [markdown] lang="ko" of="99827a82"
# ## 실수 2: 다른 ε
#
# $\epsilon$도 파일에 없습니다. MobileNet은 TensorFlow에서 $\epsilon = 10^{-3}$으로 학습했지만, PyTorch의 배치 정규화는 따로 정하지 않으면 $10^{-5}$을 사용합니다. 혼동하면 어떻게 될까요?
#
# **먼저 예상해 보세요.** $\sigma^2 = 1$인 채널에서 $s$는 몇 배가 될까요? $\sigma^2 = 0$인 채널에서는 몇 배가 될까요? 숫자 360개 가운데 몇 개를 맞힐까요? (출력의 factors는 배율, variance below 0.001은 0.001보다 작은 분산입니다.)

# %% jupyter={"outputs_hidden": true}
variances = np.array([1.0, 0.0])
print("s changes by the factors", np.sqrt((variances + 1e-3) / (variances + 1e-5)).round(4))
small = sum(int((arrays["var"] < 1e-3).sum()) for arrays in model.weights.values() if "var" in arrays)
channels = sum(arrays["var"].size for arrays in model.weights.values() if "var" in arrays)
print(f"{small} of {channels:,} channels have a variance below 0.001")
print(right(replace(model, eps=1e-5), x), "of 360 digits are right")
assert right(replace(model, eps=1e-5), x) == 354, "eps belongs to the model"

# %% [markdown] lang="en"
# If the variance is 1, $s$ grows by 0.05 %. If it is 0, $s$ becomes 10 times as large. In this network only few channels have such a small variance, so the network still reads 354 digits correctly, only one less. A mistake like this can stay in a program for years: the answers are a little worse, and nobody notices.

# %% [markdown] lang="ko" of="d2a8b420"
# 분산이 1이면 $s$는 0.05% 커질 뿐이지만, 분산이 0이면 10배가 됩니다. 이 네트워크에는 분산이 그렇게 작은 채널이 몇 개 없어서 354개를 맞힙니다. 하나 줄었을 뿐입니다. 이런 실수는 프로그램에 몇 년이고 남아 있을 수 있습니다. 결과가 아주 조금 나빠질 뿐이어서 아무도 알아차리지 못하기 때문입니다.

# %% [markdown] lang="en"
# ## Mistake 3: pixel values in another range
#
# The pixels of a photograph are integers from 0 to 255. MobileNet was trained on $x = \text{pixel} / 127.5 - 1$, which lies between $-1$ and $1$. Many other networks were trained on $\text{pixel} / 255$, between 0 and 1.
#
# **Predict first.** Which value does a pixel of 51 have in each range? How many digits does our network read correctly if its inputs lie between 0 and 1?

# %% [markdown] lang="ko" of="fd34c8b2"
# ## 실수 3: 픽셀 값의 범위
#
# 사진의 픽셀은 0부터 255까지의 정수입니다. MobileNet은 $x = \text{픽셀} / 127.5 - 1$, 즉 $-1$~$1$의 값으로 학습했습니다. 그런데 $\text{픽셀} / 255$, 즉 0~1의 값으로 학습한 네트워크도 많습니다. 범위를 잘못 넣으면 어떻게 될까요?
#
# **먼저 예상해 보세요.** 픽셀 값이 51이면 두 범위에서 각각 얼마가 될까요? 우리 네트워크에 0~1의 값을 넣으면 숫자를 몇 개 맞힐까요?

# %% jupyter={"outputs_hidden": true}
print(f"51 becomes {51 / 127.5 - 1:.1f} or {51 / 255:.1f}")
print(right(model, (x + 1) / 2), "of 360 digits are right")
assert right(model, (x + 1) / 2) == 122, "(x + 1) / 2 lies between 0 and 1"

# %% [markdown] lang="en"
# A pixel of 51 becomes $-0.6$ or $0.2$, and 122 digits are right. Every value lies in the range that is allowed, so no program can see that this is wrong. Here the paper behind the digit has the value 0 instead of $-1$, and the ink is only half as strong.

# %% [markdown] lang="ko" of="5b0fde65"
# 51은 $-0.6$ 또는 $0.2$가 되고, 122개를 맞힙니다. 모든 값이 허용된 범위에 있으므로 프로그램으로는 잘못을 알아낼 수 없습니다. 종이에 해당하는 픽셀 값은 $-1$이어야 하는데 0이 되었고, 종이와 글씨의 차이는 절반으로 줄었습니다.

# %% [markdown] lang="en"
# ## Mistake 4: zeros on another side
#
# With stride 2, an even side and $D_K = 3$, the frameworks pad differently, and yet the output has the same size. Take $D_F = 4$. As in lesson 3 the rows of the image are numbered from 0, and `z` is a row of zeros:
#
# | padding | zeros | rows in each window |
# |---|---|---|
# | `"same"` (TensorFlow) | 1 row below | `012`, `23z` |
# | `"symmetric"` (PyTorch) | 1 row above and 1 below | `z01`, `123` |
#
# The same holds for the columns. With `"symmetric"` the last row and the last column of zeros are not in any window. Here is window 0, first with `"same"`, then with `"symmetric"`:

# %% [markdown] lang="ko" of="7670d6a8"
# ## 실수 4: 패딩의 위치
#
# 스트라이드가 2이고 한 변의 길이가 짝수이고 $D_K = 3$이면, 프레임워크마다 0을 채우는 위치는 다르지만 출력의 크기는 같습니다. $D_F = 4$인 경우를 봅시다. 3강에서처럼 이미지의 행은 0번부터 세고, `z`는 0으로 채운 행입니다.
#
# | 패딩 | 0으로 채운 행 | 윈도우마다 들어가는 행 |
# |---|---|---|
# | `"same"`(TensorFlow) | 아래 1개 | `012`, `23z` |
# | `"symmetric"`(PyTorch) | 위 1개, 아래 1개 | `z01`, `123` |
#
# 열도 마찬가지입니다. `"symmetric"`에서는 맨 아래 행과 맨 오른쪽 열의 0이 어느 윈도우에도 들어가지 않습니다. 0번 윈도우를 먼저 `"same"`으로, 다음에는 `"symmetric"`으로 그려 봅시다.

# %%
image = np.arange(1.0, 17.0).reshape(4, 4)
nm.plots.windows(image, D_K=3, window=0, stride=2, padding="same")

# %%
nm.plots.windows(image, D_K=3, window=0, stride=2, padding="symmetric")

# %% [markdown] lang="en"
# There are four windows in both, so the shapes and the costs are equal. But with `"symmetric"` every window lies one pixel further up and to the left, and contains other pixels.
#
# **Predict first.** Our network was trained with `"same"`. How many of the 360 digits does it read correctly with `"symmetric"`?

# %% [markdown] lang="ko" of="27c69bf3"
# 윈도우는 둘 다 네 개이므로 형상도 연산량도 같습니다. 하지만 `"symmetric"`에서는 모든 윈도우가 위로 한 픽셀, 왼쪽으로 한 픽셀 옮겨져서 다른 픽셀이 들어갑니다.
#
# **먼저 예상해 보세요.** 우리 네트워크는 `"same"`으로 학습했습니다. `"symmetric"`으로 실행하면 360개 가운데 몇 개를 맞힐까요?

# %% jupyter={"outputs_hidden": true}
for padding in ("same", "symmetric"):
    network = replace(model, padding=padding)
    *_, last = steps = list(network.forward(x[:1]))
    mult_adds = sum(step.mult_adds for step in steps)
    print(f"{padding:9} {mult_adds:,} mult-adds, output {last.y.shape}, {right(network, x)} digits are right")
assert right(network, x) == 47, "all five layers of stride 2 have the other padding"

# %% [markdown] lang="en"
# The mult-adds are the same, the shapes are the same, and only 47 digits are right. Why does one pixel matter so much?
#
# Windows one pixel further up and to the left see what the right windows would see if the image were moved one pixel down and to the right. This happens in all five layers of stride 2. In `conv1` it is one pixel of the image. `conv_dw_2` reads a feature map of half the side, so one pixel there is 2 pixels of the image; then 4, 8 and 16.
#
# So we move the *input* by 1, 2, 4, 8 pixels and leave the padding as it should be. The figure shows one digit, moved (px stands for pixels).
#
# **Predict first.** By how many pixels can the digits be moved before the network reads only half of them?

# %% [markdown] lang="ko" of="e96c4ba0"
# 곱셈-누산 횟수도 형상도 같은데 47개밖에 맞히지 못합니다. 한 픽셀 차이가 왜 이렇게 클까요?
#
# 윈도우를 위로 한 픽셀, 왼쪽으로 한 픽셀 옮기면, 이미지를 아래로 한 픽셀, 오른쪽으로 한 픽셀 옮긴 것과 같습니다. 이런 일이 스트라이드가 2인 층 다섯 개에서 모두 일어납니다. `conv1`에서는 이미지의 1픽셀만큼 옮긴 것입니다. `conv_dw_2`의 입력은 한 변의 길이가 절반인 특징 맵이므로 그 1픽셀이 이미지의 2픽셀에 해당합니다. 그다음은 4, 8, 16픽셀입니다.
#
# 이번에는 패딩을 올바르게 두고 **입력**을 1, 2, 4, 8픽셀 옮겨 봅시다. 그림은 숫자 하나를 옮긴 것입니다(px는 픽셀).
#
# **먼저 예상해 보세요.** 숫자를 몇 픽셀 옮기면 맞히는 개수가 절반으로 떨어질까요? (출력의 image moved by는 "이미지를 옮긴 거리"입니다.)


# %%
def moved(x, pixels):
    y = np.full_like(x, -1)  # paper everywhere
    y[:, pixels:, pixels:] = x[:, : 32 - pixels, : 32 - pixels]
    return y


nm.plots.gallery([moved(x, n)[0, :, :, 0] for n in (0, 1, 2, 4, 8)], [f"{n} px" for n in (0, 1, 2, 4, 8)])

# %% jupyter={"outputs_hidden": true}
for pixels in (1, 2, 4, 8):
    print(f"image moved by {pixels} pixels: {right(model, moved(x, pixels))} digits are right")
assert [right(model, moved(x, n)) for n in (1, 2, 4, 8)] == [354, 344, 187, 40], "down and to the right"

# %% [markdown] lang="en"
# One or two pixels do little harm: 354 and 344 are right. With 4 pixels only 187 are right, and with 8 pixels 40, about as many as by guessing. The reason lies in the training: there, each image was moved at random by up to 2 pixels (`tools/train_digits.py` in the project). The network has never seen a digit further away from the centre.
#
# Is this what the wrong padding does, too? We give only one of the five layers the other padding, and compare.

# %% [markdown] lang="ko" of="b4017c27"
# 1픽셀이나 2픽셀은 옮겨도 영향이 작아서 354개와 344개를 맞힙니다. 4픽셀이면 187개로 줄고, 8픽셀이면 40개로 찍는 것과 비슷해집니다. 이유는 학습 데이터에 있습니다. 학습할 때 이미지를 무작위로 최대 2픽셀까지 옮겨서 사용했습니다(프로젝트의 `tools/train_digits.py`). 그래서 가운데에서 그보다 멀리 벗어난 숫자는 학습 데이터에 없었습니다.
#
# 패딩이 틀렸을 때도 이미지를 옮겼을 때와 같은 결과가 나올까요? 다섯 층 가운데 한 층에만 다른 패딩을 쓰고 비교해 봅시다. 출력의 wrong padding은 그 층의 패딩만 틀렸을 때 맞힌 개수이고, image moved by는 이미지를 옮겼을 때 맞힌 개수입니다.


# %%
def only(layer):  # this layer alone is "symmetric"
    layers = [replace(one, padding="symmetric") if one is layer else one for one in model.layers]
    return replace(model, layers=layers, padding=None)  # None: each layer has its own padding


# %%
for layer in model.layers:
    if layer.stride == 2:
        pixels = 32 // layer.D_F
        print(f"{layer.name:10} wrong padding {right(only(layer), x):3}", end="   ")
        print(f"image moved by {pixels:2} pixels {right(model, moved(x, pixels)):3}")

# %% [markdown] lang="en"
# Both columns fall in the same way from one layer to the next, up to 8 pixels. They are not equal, because at the border the padding brings zeros into the windows, and a moved image brings paper.
#
# All five movements together are $1 + 2 + 4 + 8 + 16 = 31$ pixels. That is nearly the whole side of 32 pixels. With images of 224 pixels the five layers again move by 31 pixels in all, but this is only 14 % of the side. So at 224 we expect less harm, and the mistake is harder to notice.

# %% [markdown] lang="ko" of="39d34b8b"
# 8픽셀까지는 층이 바뀔 때마다 두 열의 개수가 비슷하게 줄어듭니다. 값이 똑같지 않은 것은, 패딩이 틀리면 가장자리의 윈도우에 0이 들어가지만 이미지를 옮기면 종이에 해당하는 $-1$이 들어가기 때문입니다.
#
# 다섯 번 옮긴 거리를 모두 더하면 $1 + 2 + 4 + 8 + 16 = 31$픽셀입니다. 한 변의 길이 32픽셀과 거의 같습니다. 이미지의 한 변의 길이가 224픽셀이어도 다섯 층에서 옮겨지는 거리의 합은 똑같이 31픽셀이고, 이것은 한 변의 길이의 14%입니다. 그래서 224픽셀에서는 결과가 덜 나빠질 것이고, 그만큼 실수를 알아차리기도 어렵습니다.

# %% [markdown] lang="en"
# ## Mistake 5: Keras at odd sides
#
# There is a third padding. In MobileNet of Keras, the depthwise layers of stride 2 always put one row of zeros below and one column on the right, and round down (`"keras"`, lesson 3). On even sides that is the same as `"same"`. On odd sides it is not. Take $D_F = 5$:
#
# | padding | rows in each window |
# |---|---|
# | `"same"` and `"symmetric"` | `z01`, `123`, `34z` |
# | `"keras"` | `012`, `234` |
#
# At 32 pixels all sides are even, so the digits network cannot tell `"same"` from `"keras"`. Now we put one row of paper below each digit and one column on the right. The images have $33 \times 33$ pixels, and the digits have not moved.
#
# **Predict first.** In which of the three paddings do the windows of the depthwise layers start at row 0, as in training? How many digits does the network read correctly with each of them?

# %% [markdown] lang="ko" of="d8a02cc4"
# ## 실수 5: 홀수 크기에서 Keras의 패딩
#
# 패딩 방식이 하나 더 있습니다. Keras의 MobileNet은 스트라이드가 2인 깊이별 층에서 언제나 아래에 한 행, 오른쪽에 한 열만 0으로 채우고, 출력의 크기를 버림으로 구합니다(`"keras"`, 3강). 한 변의 길이가 짝수이면 `"same"`과 똑같지만 홀수이면 다릅니다. $D_F = 5$인 경우입니다.
#
# | 패딩 | 윈도우마다 들어가는 행 |
# |---|---|
# | `"same"`과 `"symmetric"` | `z01`, `123`, `34z` |
# | `"keras"` | `012`, `234` |
#
# 32픽셀이면 스트라이드가 2인 모든 층에서 입력의 한 변의 길이가 짝수이므로 숫자 네트워크에서 `"same"`과 `"keras"`는 차이가 없습니다. 이제 모든 이미지의 아래에 한 행, 오른쪽에 한 열씩 종이에 해당하는 픽셀을 덧붙입니다. 이미지는 $33 \times 33$ 픽셀이 되고, 숫자의 위치는 그대로입니다.
#
# **먼저 예상해 보세요.** 세 패딩 가운데 깊이별 층의 윈도우가 학습할 때처럼 0번 행에서 시작하는 것은 어느 것일까요? 각 패딩으로 숫자를 몇 개씩 맞힐까요? (출력의 output sides는 다섯 층의 출력에서 한 변의 길이입니다.)

# %% jupyter={"outputs_hidden": true}
larger = np.pad(x, ((0, 0), (0, 1), (0, 1), (0, 0)), constant_values=-1)  # (360, 33, 33, 3)
for padding in ("same", "symmetric", "keras"):
    network = replace(model.at(33), padding=padding)
    sides = [layer.D_G for layer in network.layers if layer.stride == 2]
    print(f"{padding:9} output sides {sides}, {right(network, larger)} digits are right")
assert right(network, larger) == 313, "one row of paper below, one column on the right"

# %% [markdown] lang="en"
# Only with `"keras"` do they start at row 0, and 313 digits are right. (It is not 355, because `conv1` is `"same"` in Keras, too: at 33 pixels its windows start one row earlier than in training.) With the other two, 114 digits are right. At 33 pixels `"same"` makes the side odd in front of all five layers: 33, 17, 9, 5, 3. So at odd sides `"same"` moves the windows just as `"symmetric"` does, and one row of paper was enough to cause it.
#
# The digits network should simply get images of 32 pixels. But somebody who takes a file of `keras.applications` may well use another size than 224. Then only `"keras"` gives the answers that Keras gives, and `nm.load` sets this padding for files of Keras. If the file is converted to another framework and the padding becomes `"same"`, the answers stay the same at 224, 192, 160 and 128 pixels, and they change at 225.

# %% [markdown] lang="ko" of="06ee8a3b"
# `"keras"`뿐이고, 313개를 맞힙니다. (355개가 아닌 것은 Keras에서도 `conv1`은 `"same"`이기 때문입니다. 33픽셀이면 `conv1`의 윈도우가 학습할 때보다 한 행 위에서 시작합니다.) 나머지 두 패딩으로는 114개를 맞힙니다. 33픽셀에서 `"same"`을 쓰면 다섯 층에 들어가는 입력의 한 변의 길이가 33, 17, 9, 5, 3으로 모두 홀수가 됩니다. 이렇게 홀수 크기에서는 `"same"`을 써도 `"symmetric"`과 똑같이 윈도우가 옮겨집니다. 이미지에 한 줄을 덧붙였을 뿐인데 이런 차이가 생깁니다.
#
# 숫자 네트워크에는 32픽셀 이미지를 넣으면 됩니다. 하지만 `keras.applications`의 파일은 224픽셀이 아닌 이미지에 쓸 수도 있습니다. 이때는 `"keras"`를 써야만 Keras와 같은 답이 나옵니다. `nm.load`는 Keras 파일이면 패딩을 이것으로 정합니다. 이런 파일을 다른 프레임워크로 변환하면서 패딩을 `"same"`으로 바꾸면, 224, 192, 160, 128픽셀에서는 답이 같지만 225픽셀에서는 달라집니다.

# %% [markdown] lang="en"
# ## How do we find such mistakes?
#
# | mistake | what stays the same | digits right |
# |---|---|---|
# | none | | 355 |
# | 1. filters transposed | shapes, mult-adds | 34 |
# | 2. $\epsilon = 10^{-5}$ | shapes, mult-adds | 354 |
# | 3. pixel values from 0 to 1 | shapes, mult-adds | 122 |
# | 4. padding `"symmetric"` | shapes, mult-adds | 47 |
# | 5. padding `"same"` at 33 pixels, not `"keras"` | shape of the answer | 114, not 313 |
#
# No error was raised in any row. There is only one way to find all five: keep some images whose answers you know, together with the probabilities that the original program gives for them. Load, run, and compare the probabilities, not only the answers. Mistake 2 changes only one answer of 360, but it changes probabilities by up to 0.06:

# %% [markdown] lang="ko" of="7edd3f37"
# ## 실수를 찾는 방법
#
# 이런 실수는 어떻게 찾을 수 있을까요?
#
# | 실수 | 달라지지 않는 것 | 맞힌 개수 |
# |---|---|---|
# | 없음 | | 355개 |
# | 1. 필터의 전치 | 형상, 곱셈-누산 횟수 | 34개 |
# | 2. $\epsilon = 10^{-5}$ | 형상, 곱셈-누산 횟수 | 354개 |
# | 3. 0~1의 픽셀 값 | 형상, 곱셈-누산 횟수 | 122개 |
# | 4. 패딩 `"symmetric"` | 형상, 곱셈-누산 횟수 | 47개 |
# | 5. 33픽셀에서 `"keras"` 대신 패딩 `"same"` | 답의 형상 | 313개 대신 114개 |
#
# 다섯 가지 모두 오류 메시지가 없었습니다. 모두 찾아내는 방법은 하나뿐입니다. 정답을 아는 이미지 몇 장과, 원래 프로그램이 그 이미지에 대해 계산한 확률을 함께 보관해 두는 것입니다. 파일을 불러와 실행한 다음 확률을 비교합니다. 답만 비교해서는 안 됩니다. 실수 2를 하면 답은 360개 가운데 하나만 바뀌지만, 확률은 최대 0.06까지 달라집니다. (출력의 largest change of a probability는 가장 크게 달라진 확률의 차이입니다.)

# %%
p = model.predict(x)
for name, network in (("eps", replace(model, eps=1e-5)), ("symmetric", replace(model, padding="symmetric"))):
    difference = abs(network.predict(x) - p)  # (360, 10)
    print(f"{name:9} largest change of a probability {difference.max():.2f}")

# %% [markdown] lang="en"
# It is better still if the file says everything. `model.save` writes the arrays and, beside them, a description: the layers with their sizes and paddings, $\epsilon$, the labels, and how images are prepared. `nm.load` reads it, and nothing has to be assumed:

# %% [markdown] lang="ko" of="20c90a8d"
# 파일에 모든 정보가 들어 있다면 더 좋습니다. `model.save`는 배열과 함께 층의 크기와 패딩, $\epsilon$, 레이블, 이미지를 준비하는 방법까지 저장합니다. `nm.load`가 이것을 모두 읽으므로 아무것도 가정할 필요가 없습니다.

# %%
complete = path.with_name("complete.npz")
model.save(complete)
again = nm.load(complete)
print(again)
print("labels", again.labels, "eps", again.eps)
assert right(again, x) == 355, "resolution and labels come from the file"

# %% [markdown] lang="en"
# ## What does the published network say?
#
# If you have a published file, the next cells show the photograph of lesson 3 to its network. If not, they show a handwritten 6 to the digits network. `prepare` cuts out the centre square of an image, changes it to the resolution of the network, and scales the pixel values. `classify` does all this and gives the most probable labels. Here are the top five.

# %% [markdown] lang="ko" of="331b0394"
# ## 공개된 네트워크의 답
#
# 공개된 네트워크에 사진을 넣으면 어떤 답이 나올까요? 공개된 파일이 있으면 다음 셀은 그 네트워크에 3강의 사진을 입력합니다. 없으면 숫자 네트워크에 손글씨 6을 입력합니다. `prepare`는 이미지의 가운데에서 정사각형을 잘라 내어 네트워크의 해상도로 바꾸고 픽셀 값의 범위를 맞춥니다. `classify`는 이 일을 모두 하고 나서 확률이 높은 레이블을 알려 줍니다. 상위 다섯 개를 그려 봅시다.

# %%
from matplotlib.cbook import get_sample_data

network = published if published else model
photo = get_sample_data("grace_hopper.jpg", asfileobj=False)
image = network.prepare(photo) if published else x[1]  # values from -1 to 1
nm.plots.guesses((image + 1) / 2, network.classify(image, k=5))

# %% [markdown] lang="en"
# **Predict first.** What happens to the first answer and its probability if we make mistake 4? And mistake 5, with one row and one column more?

# %% [markdown] lang="ko" of="316fd7d6"
# **먼저 예상해 보세요.** 실수 4를 하면 첫 번째 답과 그 확률은 어떻게 달라질까요? 이미지에 한 행과 한 열을 덧붙여서 실수 5를 하면 어떻게 달라질까요?

# %% jupyter={"outputs_hidden": true}
larger = np.pad(image, ((0, 1), (0, 1), (0, 0)), constant_values=-1)  # one row, one column more
for one, padding in ((image, "same"), (image, "symmetric"), (larger, "keras"), (larger, "same")):
    answers = replace(network.at(len(one)), padding=padding).classify(one, k=3)
    print(len(one), f"{padding:9}", ", ".join(f"{label} {probability:.1%}" for label, probability in answers))

# %% [markdown] lang="en"
# The first line is what the network says if we run it as it was trained. Compare the others with it in your own output. This page was made with the digits network. It reads the 6 correctly in the first line, and also in the third, where the side is odd and the padding is that of Keras. In the second and fourth line it reads an 8, without any warning.
#
# A network for 224 pixels suffers less. But its first answer, too, can change if its probability was not high. And remember lesson 3: a high probability does not mean that an answer is right.

# %% [markdown] lang="ko" of="7703a543"
# 첫 줄은 네트워크를 학습할 때와 똑같이 실행한 결과입니다. 여러분이 출력한 나머지 줄을 첫 줄과 비교해 보세요. 이 페이지는 숫자 네트워크로 만들었습니다. 첫 줄에서는 6을 바르게 읽습니다. 세 번째 줄도 맞습니다. 한 변의 길이가 홀수이지만 패딩을 Keras처럼 했기 때문입니다. 두 번째 줄과 네 번째 줄에서는 8이라고 답합니다. 경고는 전혀 없습니다.
#
# 224픽셀 네트워크는 영향을 덜 받습니다. 하지만 첫 번째 답의 확률이 높지 않았다면 그 답도 바뀔 수 있습니다. 그리고 3강에서 배운 것을 기억하세요. 확률이 높다고 해서 답이 맞다는 뜻은 아닙니다.

# %% [markdown] lang="en"
# ## Which damage can a program find?
#
# A download can break off, and a disk can change a bit. A program should then refuse the whole file and say why. We try three damaged copies of our file: one that is cut off, one with a single changed bit, and one that is whole but has wrong arrays in it.
#
# **Predict first.** Which of the three does `nm.load` refuse?

# %% [markdown] lang="ko" of="a121dfe8"
# ## 프로그램이 찾아낼 수 있는 손상
#
# 내려받기가 중간에 끊길 수도 있고, 디스크에서 비트 하나가 바뀔 수도 있습니다. 이럴 때 프로그램은 파일 전체를 거부하고 이유를 알려 주어야 합니다. 우리 파일의 복사본을 세 가지 방법으로 손상시켜 봅시다. 중간에서 자른 것, 비트 하나를 바꾼 것, 파일은 온전하지만 배열이 잘못된 것입니다.
#
# **먼저 예상해 보세요.** `nm.load`는 세 가지 가운데 어느 것을 거부할까요?

# %%
whole, broken = path.read_bytes(), path.with_name("broken.npz")


def what_load_says():
    try:
        return str(nm.load(broken))
    except ValueError as error:
        return nm.tables.fill(str(error).replace(str(broken), broken.name))


# %% jupyter={"outputs_hidden": true}
middle = len(whole) // 2
broken.write_bytes(whole[:middle])  # cut off
print(what_load_says())
broken.write_bytes(whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :])  # one bit changed
print(what_load_says())
wrong = {**stored, "conv_dw_3/mean": stored["conv_dw_3/mean"][:-1], "fc/scale": np.ones(10, np.float32)}
np.savez(broken, **wrong)
print(what_load_says())

# %% [markdown] lang="en"
# All three are refused. The file format `.npz` keeps a checksum of each array, so even one changed bit in the file (221,114 numbers of 4 bytes each) is found. Names and shapes are compared with those of a MobileNet. And `fetch` keeps another checksum (SHA-256) of each file that it downloads, and compares it whenever the file is used.
#
# `nm.load` also refuses files of the kind "pickle" (often `.pth` or `.pt`). Reading such a file can run any program on your computer. Weights are only numbers, so a file of weights should hold only numbers.
#
# But no program can find numbers that are finite, have the right shapes, and are wrong. The five mistakes of this lesson are of this kind.

# %% [markdown] lang="ko" of="d2324392"
# 셋 다 거부합니다. 오류 메시지의 뜻은 다음과 같습니다.
#
# | 오류 메시지 | 뜻 |
# |---|---|
# | is not a whole ... file | 온전한 파일이 아닙니다 |
# | File is not a zip file | zip 형식의 파일이 아닙니다(.npz 파일은 zip 형식입니다) |
# | Bad CRC-32 for file ... | 이 배열의 체크섬(checksum)이 맞지 않습니다 |
# | does not fit these layers | 배열이 층과 맞지 않습니다 |
# | has the shape (31,), not (32,) | 형상이 (32,)여야 하는데 (31,)입니다 |
# | is not wanted | 있어서는 안 되는 배열입니다 |
#
# `.npz` 형식은 배열마다 체크섬을 저장합니다. 그래서 4바이트 값이 221,114개 들어 있는 파일에서 비트 하나만 바뀌어도 찾아냅니다. 배열의 이름과 형상은 MobileNet의 것과 비교합니다. 그리고 `fetch`는 내려받은 파일마다 또 다른 체크섬(SHA-256)을 보관해 두고, 파일을 쓸 때마다 비교합니다.
#
# `nm.load`는 "피클"(pickle) 형식의 파일(흔히 `.pth`나 `.pt`)도 거부합니다. 이런 파일은 읽기만 해도 컴퓨터에서 어떤 프로그램이든 실행될 수 있기 때문입니다. 가중치는 숫자이므로 가중치 파일에는 숫자만 들어 있어야 합니다.
#
# 하지만 유한하고 형상도 맞지만 값이 틀린 가중치는 어떤 프로그램으로도 찾아낼 수 없습니다. 이번 강의의 다섯 가지 실수가 바로 그런 경우입니다.

# %% [markdown] lang="en"
# ## Summary
#
# - A file of weights holds arrays with names and shapes. $\alpha$ and the number of classes follow from the shapes. The resolution, the padding, $\epsilon$, the labels and the range of the pixel values do not.
# - After training, batch norm is $s\,z + b$ with constants $s$ and $b$. It can be folded into the kernel and a bias: 137 arrays become 56, and no answer changes.
# - Five mistakes raise no error: axes in another order, another $\epsilon$, another range of pixel values, zeros on another side, and the padding of Keras at odd sides.
# - A wrong padding at stride 2 moves the windows, as if the image were moved by 1, 2, 4, 8 and 16 pixels.
# - Checks find damaged files and wrong shapes. To find wrong numbers, you must measure with images whose answers you know.
# - `nm.load` also reads what you trained further in Keras, and MobileNets of PyTorch and timm. `nm.load(path, features=True)` gives the body alone: you can train a classifier of your own on its features.

# %% [markdown] lang="ko" of="5eb0ecd5"
# ## 정리
#
# - 가중치 파일에는 이름과 형상이 있는 배열이 들어 있습니다. $\alpha$와 클래스 개수는 형상에서 알 수 있습니다. 해상도, 패딩, $\epsilon$, 레이블, 픽셀 값의 범위는 알 수 없습니다.
# - 학습이 끝난 배치 정규화는 상수 $s$와 $b$로 $s\,z + b$를 계산합니다. 이 계산은 합성곱의 커널과 편향에 병합할 수 있습니다. 배열은 137개에서 56개로 줄고 답은 하나도 바뀌지 않습니다.
# - 오류 메시지가 나오지 않는 실수가 다섯 가지 있습니다. 축의 순서, 다른 $\epsilon$, 픽셀 값의 범위, 패딩의 위치, 그리고 홀수 크기에서 Keras의 패딩입니다.
# - 스트라이드가 2일 때 패딩이 틀리면 윈도우가 옮겨집니다. 이미지를 1, 2, 4, 8, 16픽셀 옮긴 것과 비슷합니다.
# - 손상된 파일과 틀린 형상은 프로그램으로 찾을 수 있습니다. 틀린 값은 정답을 아는 이미지로 측정해야 찾을 수 있습니다.
# - `nm.load`는 여러분이 Keras에서 추가로 학습한 네트워크와 PyTorch, timm의 MobileNet도 읽습니다. `nm.load(path, features=True)`로 백본만 불러와서, 그 특징으로 새 분류기를 학습할 수 있습니다.

# %% [markdown] lang="en"
# ## Exercises
#
# **1.** By hand: $\gamma = 2$, $\beta = 0$, $\mu = 3$, $\sigma^2 = 16$, $\epsilon = 0$. Compute $s$ and $b$. For which $z$ is the output 0?
#
# <details><summary>Answer 1</summary>
#
# $s = 2 / 4 = 0.5$ and $b = 0 - 3 \cdot 0.5 = -1.5$. The output is 0 at $z = \mu = 3$.
#
# </details>
#
# **2.** In MobileNet the batch norm comes before the ReLU6. Suppose it came after it. Could you still fold it into the convolution before it?
#
# <details><summary>Answer 2</summary>
#
# No. $s \cdot \min(\max(z, 0), 6)$ is not the same as $\min(\max(s z, 0), 6)$: take $s = 2$ and $z = 5$. The first is 10, the second is 6.
#
# </details>
#
# **3.** By hand: $D_F = 6$, $D_K = 3$. Write down the rows in each window with `"same"` and with `"symmetric"`, first for stride 2, then for stride 1. At which stride does it not matter if somebody confuses the two?
#
# <details><summary>Answer 3</summary>
#
# Stride 2: `"same"` gives `012`, `234`, `45z`, and `"symmetric"` gives `z01`, `123`, `345`. Stride 1: both give `z01`, `012`, `123`, `234`, `345`, `45z`. So it does not matter at stride 1.
#
# </details>
#
# **4.** A camera takes photos of dark ink on light paper. Our network was trained on light ink (1) on dark paper ($-1$). How many digits are right for `-x`? Where would you correct this, in the weights or in the image?
#
# <details><summary>Answer 4</summary>
#
# `right(model, -x)` gives 27. Correct it in the image: use `255 - pixel`. This is mistake 3 in another form. What an image must look like belongs to the weights, and the file does not say it.
#
# </details>

# %% [markdown] lang="ko" of="933f13c6"
# ## 연습 문제
#
# **1.** (손 계산) $\gamma = 2$, $\beta = 0$, $\mu = 3$, $\sigma^2 = 16$, $\epsilon = 0$입니다. $s$와 $b$를 구하세요. 출력이 0이 되는 $z$는 얼마인가요?
#
# <details><summary>1번 답</summary>
#
# $s = 2 / 4 = 0.5$, $b = 0 - 3 \cdot 0.5 = -1.5$입니다. 출력은 $z = \mu = 3$일 때 0입니다.
#
# </details>
#
# **2.** MobileNet에서는 배치 정규화가 ReLU6보다 앞에 있습니다. 배치 정규화가 ReLU6 뒤에 있다고 해 봅시다. 그래도 앞의 합성곱에 병합할 수 있을까요?
#
# <details><summary>2번 답</summary>
#
# 할 수 없습니다. $s \cdot \min(\max(z, 0), 6)$과 $\min(\max(s z, 0), 6)$은 같지 않습니다. $s = 2$, $z = 5$이면 앞의 것은 10이고 뒤의 것은 6입니다.
#
# </details>
#
# **3.** (손 계산) $D_F = 6$, $D_K = 3$입니다. `"same"`과 `"symmetric"`에서 윈도우마다 들어가는 행을 적어 보세요. 스트라이드 2와 스트라이드 1에 대해 각각 적으세요. 둘을 혼동해도 상관없는 스트라이드는 어느 것인가요?
#
# <details><summary>3번 답</summary>
#
# 스트라이드 2에서 `"same"`은 `012`, `234`, `45z`이고 `"symmetric"`은 `z01`, `123`, `345`입니다. 스트라이드 1에서는 둘 다 `z01`, `012`, `123`, `234`, `345`, `45z`입니다. 그러므로 스트라이드가 1이면 혼동해도 결과가 같습니다.
#
# </details>
#
# **4.** 카메라로 찍은 사진에서는 종이가 밝고 글씨가 어둡습니다. 그런데 우리 네트워크는 종이가 어둡고($-1$) 글씨가 밝은(1) 이미지로 학습했습니다. `-x`를 넣으면 몇 개를 맞히나요? 가중치와 이미지 가운데 어느 것을 바로잡아야 할까요?
#
# <details><summary>4번 답</summary>
#
# `right(model, -x)`는 27입니다. 이미지를 바로잡아야 합니다. `255 - pixel`을 쓰면 됩니다. 이것도 실수 3과 같은 종류의 실수입니다. 이미지를 어떻게 준비해야 하는지는 가중치에 따라 정해지는데, 파일에는 적혀 있지 않습니다.
#
# </details>

# %% [markdown] lang="en"
# **5.** (Code) Write `my_from_torch(kernel, kind)`. It gets a kernel in the order of PyTorch and returns it in ours, as in the table of mistake 1. `kind` is `"standard"`, `"depthwise"`, `"pointwise"` or `"fully_connected"`. The check compares your kernels with those of the digits network, number by number.

# %% [markdown] lang="ko" of="89f617c5"
# **5.** (코딩) 함수 `my_from_torch(kernel, kind)`를 작성하세요. PyTorch 순서의 커널을 받아서 우리 순서로 바꾸어 반환합니다(실수 1의 표 참고). `kind`는 `"standard"`, `"depthwise"`, `"pointwise"`, `"fully_connected"` 가운데 하나입니다. 검사 코드는 여러분의 커널을 숫자 네트워크의 커널과 원소 하나하나까지 비교합니다. (출력의 write ..., then run this cell again은 "...를 작성한 다음 이 셀을 다시 실행하세요", is right는 "맞았습니다"라는 뜻입니다.)


# %%
def my_from_torch(kernel, kind):
    raise NotImplementedError("Exercise 5: write my_from_torch, then run this cell again")


# %%
w = {name: arrays["kernel"] for name, arrays in model.weights.items()}
cases = {  # kind: the kernel in the order of PyTorch, the same kernel in ours
    "standard": (w["conv1"].transpose(3, 2, 0, 1), w["conv1"]),
    "depthwise": (w["conv_dw_1"].transpose(2, 0, 1)[:, np.newaxis], w["conv_dw_1"]),
    "pointwise": (w["conv_pw_1"].T[:, :, np.newaxis, np.newaxis], w["conv_pw_1"]),
    "fully_connected": (w["fc"].T, w["fc"]),
}

# %%
try:
    for kind, (given, wanted) in cases.items():
        mine = my_from_torch(given, kind)
        assert mine.shape == wanted.shape, f"{kind}: the shape must be {wanted.shape}, but is {mine.shape}"
        assert np.array_equal(mine, wanted), f"{kind}: the shape is right, but the numbers are not"
    print("Exercise 5 is right.")
except NotImplementedError as todo:
    print(todo)

# %% [markdown] lang="en"
# <details><summary>Answer 5</summary>
#
# ```python
# def my_from_torch(kernel, kind):
#     if kind == "fully_connected":
#         return kernel.T  # (N, M) -> (M, N)
#     kernel = kernel.transpose(2, 3, 1, 0)  # (N, M, D_K, D_K) -> (D_K, D_K, M, N)
#     if kind == "depthwise":
#         return kernel[:, :, 0]  # (D_K, D_K, 1, M) -> (D_K, D_K, M)
#     return kernel[0, 0] if kind == "pointwise" else kernel  # (1, 1, M, N) -> (M, N)
# ```
#
# </details>

# %% [markdown] lang="ko" of="36a5f7b4"
# <details><summary>5번 답</summary>
#
# ```python
# def my_from_torch(kernel, kind):
#     if kind == "fully_connected":
#         return kernel.T  # (N, M) -> (M, N)
#     kernel = kernel.transpose(2, 3, 1, 0)  # (N, M, D_K, D_K) -> (D_K, D_K, M, N)
#     if kind == "depthwise":
#         return kernel[:, :, 0]  # (D_K, D_K, 1, M) -> (D_K, D_K, M)
#     return kernel[0, 0] if kind == "pointwise" else kernel  # (1, 1, M, N) -> (M, N)
# ```
#
# </details>
