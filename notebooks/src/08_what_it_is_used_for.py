# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
# ---

# %% [markdown] lang="en"
# # 8. What it is used for
#
# The paper uses MobileNet not only for the 1,000 classes of ImageNet. It also recognises breeds of dogs, places on earth, properties of faces, and objects in a street. Each time, most of the network stays as it is and only the end is new. In this lesson we take the network apart, put new ends on it, and ask two questions about each: how good is it, compared with guessing, and what does it cost?
#
# After this lesson you can
#
# - divide a network into a body and a head, and compute what each costs in mult-adds and in parameters;
# - put a head of your own on a trained body, and compare it with the chance level;
# - explain why a trained body can answer some new questions and not others;
# - say what top-1 accuracy, mean AP, mAP and an accuracy at 1e-4 measure;
# - say which layers of a detector run once for an image and which run many times, and recompute the costs in the paper's Tables 10 to 14.
#
# About 60 minutes, without the exercises. You need: lessons 3 and 4. Have pencil and paper ready.

# %% [markdown] lang="ko" of="1a6e763a"
# # 8. MobileNet의 활용
#
# 논문에서는 MobileNet을 ImageNet의 클래스 1,000개를 분류하는 데만 쓰지 않습니다. 개의 품종, 사진을 찍은 장소, 얼굴의 속성, 거리의 물체를 알아내는 데도 씁니다. 그때마다 네트워크의 대부분은 그대로 두고 끝부분만 새로 만듭니다. 이번 강의에서는 네트워크를 둘로 나누고, 끝부분을 바꾸어 가며 두 가지를 확인합니다. 아무렇게나 찍는 것보다 얼마나 나을까요? 그리고 연산량은 얼마일까요?
#
# 이 강의를 마치면
#
# - 네트워크를 백본과 헤드로 나누고, 각각의 곱셈-누산 횟수와 매개변수 수를 계산할 수 있습니다.
# - 학습된 백본에 직접 만든 헤드를 붙이고, 그 결과를 우연 수준과 비교할 수 있습니다.
# - 학습된 백본이 어떤 질문에는 답하고 어떤 질문에는 답하지 못하는 이유를 설명할 수 있습니다.
# - top-1 정확도, 평균 AP, mAP, 1e-4에서의 정확도가 각각 무엇을 나타내는지 말할 수 있습니다.
# - 객체 검출기에서 이미지마다 한 번 실행하는 층과 여러 번 실행하는 층을 구별하고, 논문의 표 10부터 14까지의 연산량을 다시 계산할 수 있습니다.
#
# 강의 시간은 연습 문제를 빼고 약 60분입니다. 3강과 4강의 내용을 알고 있으면 됩니다. 연필과 종이를 준비하세요.

# %%
WHEEL = ""  # in Colab or JupyterLite: the address of npmobile's wheel, or the name of the file that you uploaded
try:
    import npmobile as nm
except ImportError as error:
    if not WHEEL:
        raise ImportError("install npmobile first: pip install . in its folder, or name its wheel above") from error
    # %pip install -q {WHEEL}
    import npmobile as nm
import numpy as np

from npmobile.paper import networks
from npmobile.paper.networks import Network
from npmobile.paper.printed import PAPER

_ = nm.language.use("en")

# %% [markdown] lang="en"
# ## What is the body, and what is the head?
#
# MobileNet has 27 convolutions, a pool and a classifier. The convolutions and the pool turn an image into $M = 1024$ numbers, which are called **features**. These layers are the **body** (some books say backbone). The classifier turns the features into an answer. It is the **head**. The paper keeps the body and changes the head:

# %% [markdown] lang="ko" of="d58ae89f"
# ## 백본과 헤드
#
# 네트워크를 어디에서 나눌까요? MobileNet은 합성곱 27개, 풀링, 분류기로 되어 있습니다. 합성곱과 풀링은 이미지를 숫자 $M = 1024$개로 바꿉니다. 이 숫자들을 **특징**(feature)이라고 합니다. 여기까지가 **백본**(body, backbone)입니다. 분류기는 특징에서 답을 구합니다. 이것이 **헤드**(head)입니다. 논문은 백본을 그대로 두고 헤드만 바꿉니다.

# %%
nm.plots.body_and_heads()

# %% [markdown] lang="en"
# The heads on the right read the features. The head at the top belongs to a detector. It has to find out *where* things are. The pool takes the mean over all positions, so the features no longer say where anything was. Therefore this head reads the feature maps before the pool.
#
# A head with $N$ outputs is a fully connected layer. It makes $M \cdot N$ mult-adds, and it has as many parameters (without the bias). A small example: a body that gives $M = 4$ features, and a head for $N = 3$ classes, take $4 \cdot 3 = 12$ mult-adds and 12 parameters.
#
# **Predict first.** The head of MobileNet 1.0-224 has 1,000 classes. Which share of the mult-adds and which share of the parameters does it have?

# %% [markdown] lang="ko" of="327302f2"
# 그림 오른쪽의 헤드들은 특징을 입력으로 받습니다. 위쪽에 있는 것은 객체 검출기의 헤드입니다. 객체 검출기는 물체가 **어디에** 있는지 알아내야 합니다. 풀링은 모든 위치의 평균을 구하므로 특징에는 위치 정보가 남지 않습니다. 그래서 이 헤드는 풀링 이전의 특징 맵을 받습니다.
#
# 출력이 $N$개인 헤드는 완전 연결 층입니다. 곱셈-누산은 $M \cdot N$번이고, 매개변수도 편향을 빼면 $M \cdot N$개입니다. 작은 예를 들면, 특징이 $M = 4$개인 백본에 클래스가 $N = 3$개인 헤드를 붙이면 곱셈-누산은 $4 \cdot 3 = 12$번, 매개변수는 12개입니다.
#
# **먼저 예상해 보세요.** MobileNet 1.0-224의 헤드는 클래스가 1,000개입니다. 헤드는 곱셈-누산의 몇 %를 차지하고, 매개변수의 몇 %를 차지할까요? (출력의 body는 백본, head는 헤드입니다.)

# %% jupyter={"outputs_hidden": true}
layers = nm.mobilenet()
body, whole = Network(layers[:-1]), Network(layers)  # a Network adds up the costs of its layers
for what in ("mult_adds", "parameters"):
    all_of_it = getattr(whole, what)
    head = all_of_it - getattr(body, what)
    print(f"{what:10} body {getattr(body, what):11,}, head {head:9,} ({head / all_of_it:.2%})")
assert whole.mult_adds - body.mult_adds == 1024 * 1000, "M * N"

# %% [markdown] lang="en"
# The head makes 0.18 % of the mult-adds and holds 24.33 % of the parameters. So one number is not enough to describe the cost of a head. We will look at both all the time.

# %% [markdown] lang="ko" of="76fb8b38"
# 헤드는 곱셈-누산에서는 0.18%를 차지하지만 매개변수에서는 24.33%를 차지합니다. 이렇게 곱셈-누산 횟수와 매개변수 수 가운데 하나만 보고는 헤드가 큰지 작은지 말할 수 없습니다. 앞으로 두 가지를 함께 봅니다.

# %% [markdown] lang="en"
# ## Can one body answer several questions?
#
# Does the person smile? Does the person wear glasses? Such properties are called **face attributes**. Each question has the answer yes or no, and all of them can be asked about the same features. We have no faces here, but we have the digits and a body that was trained on them. We ask three questions that nobody asked in training: is the digit even? Does it have a closed loop (0, 6, 8, 9)? Is it above 4?

# %% [markdown] lang="ko" of="54fd5794"
# ## 여러 질문에 답하는 백본
#
# 백본 하나로 여러 질문에 답할 수 있을까요? 웃고 있는가? 안경을 썼는가? 이런 것을 **얼굴 속성**(face attribute)이라고 합니다. 질문마다 답은 예 또는 아니요이고, 모든 질문에 같은 특징을 사용할 수 있습니다. 여기에는 얼굴 사진이 없지만, 손글씨 숫자 이미지와 그것으로 학습한 네트워크(3강)의 백본이 있습니다. 이 네트워크를 **숫자 네트워크**라고 부르겠습니다. 학습할 때는 묻지 않았던 질문 세 가지를 던져 봅시다. 짝수인가? 닫힌 고리가 있는가(0, 6, 8, 9)? 4보다 큰가?

# %%
model = nm.digits()
x, labels = nm.digits_test()  # (360, 32, 32, 3), (360,)
*_, pool, fc = model.forward(x)
features = pool.y  # (360, 256)
questions = ["even", "loop", "above 4"]
answers = np.stack([labels % 2 == 0, np.isin(labels, (0, 6, 8, 9)), labels > 4], axis=1)  # (360, 3)

# %% [markdown] lang="en"
# The new head is one matrix of $256 \times 3$ numbers. We choose it with the first 180 digits. The method of least squares finds the matrix whose outputs come closest to $+1$ for yes and $-1$ for no. Then we test it on the other 180 digits: a positive output means yes.
#
# For comparison, we do the same with the 64 pixels of the image instead of the features, and with the features of a body whose weights are random.
#
# Before we look at the results, we need the **chance level**: how many answers are right without looking at the image? Whoever always gives the more frequent answer gets this many right. If 69 of the 180 digits have a loop, then "no" is right 111 times. Only results above the chance level count as a success.
#
# **Predict first.** How many of the 180 answers are right for each question: with the trained body, with the pixels, with the random body?

# %% [markdown] lang="ko" of="50c1833f"
# 새 헤드는 크기가 $256 \times 3$인 행렬 하나입니다. 이미지 360장 가운데 앞의 180장으로 이 행렬을 정합니다. 최소제곱법을 쓰면 출력이 예일 때 $+1$, 아니요일 때 $-1$에 가장 가까워지는 행렬을 구할 수 있습니다. 그다음 나머지 180장으로 테스트합니다. 출력이 양수이면 예라고 답한 것으로 봅니다.
#
# 비교를 위해 같은 일을 두 번 더 합니다. 한 번은 특징 대신 이미지의 픽셀 64개로, 한 번은 가중치가 무작위인 백본의 특징으로 합니다.
#
# 결과를 보기 전에 **우연 수준**(chance level)을 알아야 합니다. 이미지를 보지 않고도 몇 개를 맞힐 수 있는지 나타내는 값입니다. 언제나 더 흔한 답을 고르면 이만큼 맞힙니다. 예를 들어 180개 가운데 69개에 고리가 있다면 언제나 "아니요"라고 답해도 111개를 맞힙니다. 우연 수준보다 높아야 성공이라고 할 수 있습니다.
#
# **먼저 예상해 보세요.** 학습된 백본, 픽셀, 무작위 백본은 질문마다 180개 가운데 몇 개를 맞힐까요?
#
# | 출력 | 뜻 |
# |---|---|
# | of 180 are right | 180개 가운데 맞힌 개수 |
# | even, loop, above 4 | 짝수인가, 고리가 있는가, 4보다 큰가 |
# | chance level | 우연 수준 |
# | trained body | 학습된 백본 |
# | 64 pixels | 픽셀 64개 |
# | random body | 무작위 백본(가중치가 무작위인 백본) |


# %%
def fit_and_test(numbers, answers):
    wanted = np.where(answers[:180], 1.0, -1.0)
    head, *_ = np.linalg.lstsq(numbers[:180], wanted, rcond=1e-2)  # (M, questions)
    return ((numbers[180:] @ head > 0) == answers[180:]).sum(axis=0)


# %% jupyter={"outputs_hidden": true}
pixels = x[:, ::4, ::4, 0].reshape(360, 64)  # each pixel of the 8 x 8 digits was enlarged to 4 x 4
*_, untrained, _ = nm.random_model(alpha=0.25, resolution=32, classes=10).forward(x)
yes = answers[180:].sum(axis=0)
print(f"{'of 180 are right':18}", *(f"{question:>8}" for question in questions))
for name, right in (
    ("chance level", np.maximum(yes, 180 - yes)),
    ("trained body", fit_and_test(features, answers)),
    ("64 pixels", fit_and_test(pixels, answers)),
    ("random body", fit_and_test(untrained.y, answers)),
):
    print(f"{name:18}", *(f"{number:8}" for number in right))

# %% [markdown] lang="en"
# The trained body gets 177 to 179 right. The pixels get 151 to 158 right, clearly more than chance. The random body is only a little above the chance level. So what helps the head is the training of the body, and not the shape of the network.
#
# But are these new questions? Each answer is a function of the digit: whoever knows that the image shows a 6 knows that it is even, has a loop, and is above 4. The body was trained to tell the digits apart, and that is all these three questions need.

# %% [markdown] lang="ko" of="94ae1ec5"
# 학습된 백본은 177~179개를 맞힙니다. 픽셀은 151~158개를 맞혀서 우연 수준보다 확실히 높습니다. 무작위 백본은 우연 수준보다 조금 높을 뿐입니다. 즉 헤드에 도움이 되는 것은 네트워크의 구조가 아니라 백본을 학습한 결과입니다.
#
# 그런데 이것이 정말 새로운 질문일까요? 세 질문의 답은 모두 어떤 숫자인지에 따라 정해집니다. 이미지가 6이라는 것만 알면 짝수이고, 고리가 있고, 4보다 크다는 것도 알 수 있습니다. 백본은 숫자를 구별하도록 학습했고, 세 질문에 답하는 데는 그것으로 충분합니다.

# %% [markdown] lang="en"
# ## What if a question does not depend on the class?
#
# We ask a fourth question: is there more ink in the image than in the median image of the same digit? So we compare each 6 with all 6s, and each 1 with all 1s. About half of the images of each digit have the answer yes. To know the digit does not help at all.
#
# **Predict first.** How many of 180 answers are right with the trained body? And with the pixels?

# %% [markdown] lang="ko" of="9a3f9e10"
# ## 클래스와 관계없는 질문
#
# 클래스를 알아도 답을 알 수 없는 질문이라면 어떨까요? 네 번째 질문을 해 봅시다. 같은 숫자를 쓴 이미지들의 중앙값보다 잉크가 많은가? 즉 6은 6끼리, 1은 1끼리 잉크의 양을 비교합니다. 어느 숫자에서나 절반쯤은 답이 예이므로, 어떤 숫자인지 알아도 전혀 도움이 되지 않습니다.
#
# **먼저 예상해 보세요.** 학습된 백본은 180개 가운데 몇 개를 맞힐까요? 픽셀로는 몇 개를 맞힐까요?

# %% jupyter={"outputs_hidden": true}
ink = (x[..., 0] + 1).sum(axis=(1, 2))  # paper is -1, so it adds 0
medians = np.array([np.median(ink[labels == digit]) for digit in range(10)])
answers = np.column_stack([answers, ink > medians[labels]])  # (360, 4)
yes = answers[180:, 3].sum()
print("chance level", max(yes, 180 - yes))
for name, numbers in (("trained body", features), ("64 pixels", pixels)):
    print(f"{name:12}", fit_and_test(numbers, answers)[3])

# %% [markdown] lang="en"
# The pixels get 151 of 180 right. The trained body gets 96, and the chance level is 92. Is 96 more than chance? If you toss a coin 180 times, the number of heads is 90 on average, and it typically differs from that by $\sqrt{180} / 2 \approx 7$. So 96 cannot be told from guessing. To be sure, we divide the 360 digits in 20 other ways, and take the mean:

# %% [markdown] lang="ko" of="2d673723"
# 픽셀은 180개 가운데 151개를 맞힙니다. 학습된 백본은 96개인데 우연 수준이 92개입니다. 96개는 우연보다 나은 것일까요? 동전을 180번 던지면 앞면은 평균 90번 나오지만, 실제로는 90번에서 $\sqrt{180} / 2 \approx 7$번쯤 벗어나는 것이 보통입니다. 따라서 96개는 찍은 것과 구별할 수 없습니다. 더 확실히 알아보기 위해, 이미지 360장을 180장씩 나누는 방법을 20가지로 바꾸어 가며 평균을 구해 봅시다. (출력의 mean은 평균, from ... to ...는 가장 작은 값과 가장 큰 값입니다.)

# %%
rng = np.random.default_rng(0)
orders = [rng.permutation(360) for _ in range(20)]  # the first 180 of each order are for fitting
for name, numbers in (("trained body", features), ("64 pixels", pixels)):
    right = [fit_and_test(numbers[order], answers[order])[3] for order in orders]
    print(f"{name:12} mean {np.mean(right):.0f}, from {min(right)} to {max(right)}, of 180")

# %% [markdown] lang="en"
# On average the trained body is right 88 times, which is about half, and the pixels 153 times. The information is in the image, and it has got lost on the way through the body. Where? We can put a head on every layer: we take the mean of each channel after `conv1` and after each pointwise layer, and fit a head to these numbers. We print two of the four questions.
#
# **Predict first.** How does the number of right answers change from layer to layer, for "even" and for "more ink"?

# %% [markdown] lang="ko" of="1e89ea68"
# 평균을 내면 학습된 백본은 절반쯤인 88개를 맞히고 픽셀은 153개를 맞힙니다. 이미지에는 정보가 있는데 백본을 지나는 동안 사라진 것입니다. 어디에서 사라졌을까요? 모든 층에 헤드를 붙여 보면 알 수 있습니다. `conv1`과 각 점별 층의 출력에서 채널마다 평균을 구하고, 이 평균들을 특징으로 삼아 헤드를 정합니다. 네 질문 가운데 두 가지만 출력합니다.
#
# **먼저 예상해 보세요.** 층이 깊어질수록 "짝수"(even)와 "잉크가 더 많다"(more ink)를 맞힌 개수는 어떻게 변할까요?

# %% jupyter={"outputs_hidden": true}
print(f"{'features after':15}{'even':>6}{'more ink':>10}")
for layer, y, _ in model.forward(x):
    if layer.kind in ("standard", "pointwise"):
        right = fit_and_test(y.mean(axis=(1, 2)), answers)  # (360, D_G, D_G, N) -> (360, N)
        print(f"{layer.name:15}{right[0]:6}{right[3]:10}")

# %% [markdown] lang="en"
# The two columns move in opposite directions. "Even" grows from 109 to 179. "More ink" falls from 161 to the chance level. Training asked only which digit it is, so the body learned to remove everything that does not help with this question, and the amount of ink is such a thing.
#
# Two things follow. A trained body is useful for questions that are related to its training. And for another question, an earlier layer can be better: the 8 numbers after `conv1` answer the question about ink better than all 256 features.

# %% [markdown] lang="ko" of="5924c61b"
# 두 열은 서로 반대로 변합니다. "짝수"는 109개에서 179개로 늘어나고, "잉크가 더 많다"는 161개에서 우연 수준까지 떨어집니다. 학습할 때의 질문은 "어떤 숫자인가" 하나뿐이었습니다. 그래서 백본은 이 질문에 도움이 되지 않는 정보를 없애도록 학습했고, 잉크의 양이 그런 정보입니다.
#
# 여기서 두 가지를 알 수 있습니다. 첫째, 학습된 백본은 학습한 내용과 관련이 있는 질문에 유용합니다. 둘째, 다른 질문에는 앞쪽 층을 쓰는 것이 더 나을 수 있습니다. 잉크에 관한 질문에는 특징 256개보다 `conv1` 다음의 평균 8개가 더 낫습니다.

# %% [markdown] lang="en"
# ## What do several questions cost?
#
# **Predict first.** The body of the digits network makes 832,128 mult-adds, and a head for one question makes 256. What do three separate networks cost for three questions? What do three heads on one body cost?

# %% [markdown] lang="ko" of="886def1c"
# ## 여러 질문의 연산량
#
# 질문이 늘어나면 연산량은 얼마나 늘어날까요?
#
# **먼저 예상해 보세요.** 숫자 네트워크의 백본은 곱셈-누산이 832,128번이고, 질문 하나에 답하는 헤드는 256번입니다. 질문 세 개에 네트워크를 하나씩 따로 쓰면(three networks) 모두 몇 번일까요? 백본 하나에 헤드 세 개를 붙이면(one body with three heads) 몇 번일까요?

# %% jupyter={"outputs_hidden": true}
small = Network(model.layers[:-1]).mult_adds
print(f"three networks {3 * (small + 256):,}, one body with three heads {small + 3 * 256:,}")
assert small == 832_128, "all layers but the last"

# %% [markdown] lang="en"
# Three networks take 2,497,152 mult-adds, and three heads on one body take 832,896. The second and the third question cost almost nothing.

# %% [markdown] lang="ko" of="91421646"
# 네트워크 세 개를 쓰면 2,497,152번이고, 백본 하나에 헤드 세 개를 붙이면 832,896번입니다. 두 번째와 세 번째 질문을 더해도 연산량은 거의 늘지 않습니다.

# %% [markdown] lang="en"
# ## Face attributes: what does Table 12 measure?
#
# Table 12 of the paper does not print an accuracy. It prints a **mean AP**, the mean of the **average precision** (AP) of all attributes.
#
# For one question, sort the images by the output of the head, the largest first. At each image whose right answer is yes, compute the **precision**: the share of yes among the images up to this one. The AP is the mean of these precisions. A small example with five images, sorted, with the right answers
#
# yes, no, yes, no, no
#
# The first image gives the precision $\frac{1}{1}$, the third gives $\frac{2}{3}$, so the AP is $(1 + \frac{2}{3}) / 2 = 0.83$. If all yes come first, the AP is 1. If the order is random, the AP is about the share of yes among all images: this is its chance level.
#
# **Predict first.** What is the AP of the order: no, yes, no, no, yes? And about how large are the APs of our four questions with the trained body?

# %% [markdown] lang="ko" of="c2a515d2"
# ## 얼굴 속성: 표 12의 척도
#
# 논문의 표 12에 실린 것은 정확도가 아닙니다. **평균 AP**(mean AP)입니다. 속성마다 **평균 정밀도**(average precision, AP)를 구해서 다시 평균한 것입니다. AP는 어떻게 구할까요?
#
# 질문 하나에 대해, 헤드의 출력이 큰 것부터 이미지를 늘어놓습니다. 정답이 예인 이미지마다 **정밀도**(precision)를 구합니다. 맨 앞부터 그 이미지까지 가운데 정답이 예인 것의 비율입니다. 이 정밀도들의 평균이 AP입니다. 이미지 다섯 장을 늘어놓았을 때 정답이 다음과 같다고 해 봅시다.
#
# 예, 아니요, 예, 아니요, 아니요
#
# 첫 번째 이미지의 정밀도는 $\frac{1}{1}$, 세 번째는 $\frac{2}{3}$이므로 AP는 $(1 + \frac{2}{3}) / 2 = 0.83$입니다. 정답이 예인 이미지가 모두 앞에 오면 AP는 1입니다. 순서가 무작위이면 AP는 전체 이미지에서 예의 비율과 비슷합니다. 이것이 AP의 우연 수준입니다.
#
# **먼저 예상해 보세요.** 정답이 아니요, 예, 아니요, 아니요, 예의 순서이면 AP는 얼마일까요? 학습된 백본에서 우리 질문 네 개의 AP는 각각 얼마쯤일까요?


# %%
def average_precision(outputs, right):
    right = right[np.argsort(-outputs)]  # the largest output first
    precisions = right.cumsum() / np.arange(1, len(right) + 1)
    return precisions[right].mean()


# %% jupyter={"outputs_hidden": true}
order = np.array([False, True, False, False, True])
print(f"no, yes, no, no, yes: {average_precision(np.array([5, 4, 3, 2, 1]), order):.2f}")
head, *_ = np.linalg.lstsq(features[:180], np.where(answers[:180], 1.0, -1.0), rcond=1e-2)
outputs = features[180:] @ head  # (180, 4)
for q, question in enumerate([*questions, "more ink"]):
    right = answers[180:, q]
    print(f"{question:8} AP {average_precision(outputs[:, q], right):.3f}, chance level {right.mean():.3f}")

# %% [markdown] lang="en"
# The order no, yes, no, no, yes gives $(\frac{1}{2} + \frac{2}{5}) / 2 = 0.45$. The first three questions have an AP of nearly 1, and "more ink" is close to its chance level, as before.
#
# Now Table 12. The next cell defines a function that prints a table of the paper and our counts beside it. Each printed number has ours on its right. Mult-adds and parameters are in millions, and in Table 13 the mult-adds are in billions. The last column is the verdict on the mult-adds:
#
# | verdict | meaning |
# |---|---|
# | `equal` | our count, rounded, is the printed number |
# | `cut off` | our count with its last digits dropped is the printed number |
# | `other convention` | counted in another way, which is named, it is the printed number |
# | `erratum` | only a mistake, which is named, gives the printed number |
# | `not recomputable` | a part of the network is private or not described |

# %% [markdown] lang="ko" of="6bc4553f"
# 아니요, 예, 아니요, 아니요, 예의 순서이면 $(\frac{1}{2} + \frac{2}{5}) / 2 = 0.45$입니다. 앞의 세 질문은 AP가 거의 1이고, "잉크가 더 많다"는 여기서도 우연 수준과 비슷합니다.
#
# 이제 표 12를 봅시다. 다음 셀의 함수는 논문의 표를 우리가 구한 값과 함께 출력합니다. 단위는 백만이고, 표 13의 곱셈-누산 횟수만 십억입니다.
#
# | 열 | 뜻 |
# |---|---|
# | mean AP, top-1 accuracy, accuracy at 1e-4, mAP | 논문의 척도: 평균 AP, top-1 정확도, 1e-4에서의 정확도, mAP |
# | mult-adds | 논문에 실린 곱셈-누산 횟수 |
# | params | 논문에 실린 매개변수 수 |
# | ours | 바로 왼쪽 값에 대해 우리가 구한 값. ?는 구할 수 없다는 뜻입니다 |
# | 마지막 열 | 곱셈-누산 횟수에 대한 판정 |
#
# | 판정 | 뜻 |
# |---|---|
# | `equal` | 일치: 우리가 구한 값을 반올림하면 논문의 값이 됩니다 |
# | `cut off` | 버림: 우리가 구한 값을 버림하면 논문의 값이 됩니다 |
# | `other convention` | 다른 집계 방식: 다른 방식으로 세면 논문의 값이 됩니다(어떤 방식인지 밝힙니다) |
# | `erratum` | 오류: 어떤 실수를 해야만 논문의 값이 됩니다(어떤 실수인지 밝힙니다) |
# | `not recomputable` | 재계산 불가: 네트워크의 일부가 비공개이거나 논문에 설명이 없습니다 |


# %%
def beside(cell):
    unit = 1e9 if "billion" in cell.column else 1e6
    ours = f"{cell.ours / unit:.2f}" if cell.ours else "?"
    return f"{cell.printed:>7} {ours:>7}"


def compare(number, quality):
    table = PAPER[number - 1]
    print(f"{'':28} {quality:>16}    mult-adds    ours   params    ours")
    cells = nm.paper.cells(table)  # two for each row: mult-adds and parameters
    for row, cost, parameters in zip(table.rows, cells[::2], cells[1::2]):
        print(f"{cost.row:28} {row[-3]:>16} {beside(cost):>20} {beside(parameters):>16}  {cost.verdict}")


# %%
compare(12, "mean AP, %")

# %% [markdown] lang="en"
# The paper does not say how many attributes there are. So ours is the body alone, which is an `other convention`. Three rows agree, and one more if 48.65 is cut off. A few attributes more or less would not change the printed digits.
#
# The columns also show what MobileNet gains. The baseline is a private network. The thinnest MobileNet at 224 has a higher mean AP, 87.2 against 86.9, with less than one thirtieth of the mult-adds (our 40.77 against 1,600 million). It was trained by **distillation**: a small network learns to give the same outputs as a large trained network (here the baseline), instead of learning from labels.
#
# Can we compare these values with the chance level? No: that is the share of images with the answer yes, and the paper does not print it. So the rows can be compared with each other, but we cannot say how much better than guessing 86.9 % is.
#
# Two rows are marked as `erratum`. We print why:

# %% [markdown] lang="ko" of="c3a3377f"
# 속성이 몇 개인지는 논문에 없습니다. 그래서 우리가 구한 값은 백본만 센 것이고, 이것은 다른 집계 방식(`other convention`)입니다. 이렇게 세면 세 행이 맞고, 48.65를 버림하면 한 행이 더 맞습니다. 속성이 몇 개 늘거나 줄어도 논문에 실린 자릿수에는 영향이 없습니다.
#
# 표를 보면 MobileNet의 장점도 알 수 있습니다. 비교 대상(Baseline)은 공개되지 않은 네트워크입니다. 해상도 224에서 가장 얇은 MobileNet은 평균 AP가 87.2%로 비교 대상의 86.9%보다 높은데, 곱셈-누산은 30분의 1도 되지 않습니다(비교 대상은 16억 번, 이 MobileNet은 우리가 센 값으로 4,077만 번). 이 MobileNet은 **증류**(distillation)로 학습했습니다. 레이블 대신, 이미 학습된 큰 네트워크(여기서는 비교 대상)와 같은 출력을 내도록 작은 네트워크를 학습하는 방법입니다.
#
# 이 값들을 우연 수준과 비교할 수 있을까요? 할 수 없습니다. 우연 수준은 정답이 예인 이미지의 비율인데 논문에 실려 있지 않기 때문입니다. 행끼리 비교할 수는 있지만, 86.9%가 찍는 것보다 얼마나 나은지는 말할 수 없습니다.
#
# 두 행의 판정은 오류(`erratum`)입니다. 그 이유를 출력해 봅시다.
#
# | 출력 | 뜻 |
# |---|---|
# | printed | 논문에 실린 값 |
# | first layer of 16 channels | 첫 층의 채널을 16개로 셌을 때의 값 |
# | would round to 46 | 반올림하면 46이 됩니다(논문의 값은 버림한 것) |

# %%
for cell in nm.paper.cells(PAPER[11]):
    if cell.verdict == "erratum":
        print(f"{cell.row}: printed {cell.printed}, ours {cell.ours / 1e6:.2f}, {cell.why}")

# %% [markdown] lang="en"
# With $\alpha = 0.25$ the first layer has $0.25 \cdot 32 = 8$ channels. Only with 16 channels do we get the printed numbers: 45.993, cut off to 45, and 15.018. So the count shows that another network was counted than the one that the row names.

# %% [markdown] lang="ko" of="666e8e8a"
# $\alpha = 0.25$이면 첫 층의 채널은 $0.25 \cdot 32 = 8$개입니다. 그런데 16개로 세어야만 논문의 값이 나옵니다. 첫 번째 행은 45.993을 버림해서 45이고, 두 번째 행은 15.018입니다. 즉 행에 적힌 이름의 네트워크가 아니라 다른 네트워크를 센 것임을 알 수 있습니다.

# %% [markdown] lang="en"
# ## Breeds of dogs: what do fewer classes change?
#
# Stanford Dogs is a data set of photos of 120 breeds of dogs. Table 10 prints the **top-1 accuracy** (lesson 3): the share of photos whose most probable class is the right one. Whoever guesses among 120 breeds is right in $\frac{1}{120} = 0.8$ % of the cases, so this is the chance level.
#
# **Predict first.** With 120 classes instead of 1,000, how do the 568.74 million mult-adds and the 4.21 million parameters of MobileNet 1.0-224 change?

# %% [markdown] lang="ko" of="ecd3074f"
# ## 개의 품종: 클래스가 줄었을 때
#
# 클래스가 줄어들면 무엇이 달라질까요? Stanford Dogs는 개의 품종 120가지를 찍은 사진 데이터셋입니다. 표 10에는 **top-1 정확도**가 실려 있습니다(3강). 확률이 가장 높은 클래스가 정답인 사진의 비율입니다. 품종 120가지 가운데 아무거나 찍으면 $\frac{1}{120} = 0.8$%를 맞힙니다. 이것이 우연 수준입니다.
#
# **먼저 예상해 보세요.** 클래스가 1,000개에서 120개로 줄면 MobileNet 1.0-224의 곱셈-누산 5억 6,874만 번과 매개변수 421만 개는 어떻게 달라질까요?

# %% jupyter={"outputs_hidden": true}
compare(10, "top-1 accuracy, %")

# %% [markdown] lang="en"
# The parameters fall to 3.31 million, as printed. The mult-adds fall only from 568.74 to 567.84 million, which rounds to 568. The paper prints 569, and also 418 for the third MobileNet: these are the numbers for 1,000 classes. The mistake is small, because this head is cheap to run.
#
# All accuracies are about a hundred times the chance level. The widest MobileNet has 0.7 percentage points less than Inception V3, with about one ninth of its printed mult-adds.

# %% [markdown] lang="ko" of="5a0769fe"
# 매개변수는 논문에 실린 대로 331만 개(3.31)로 줄어듭니다. 곱셈-누산은 백만 단위로 568.74에서 567.84로 줄어들 뿐이고, 반올림하면 568입니다. 그런데 논문에는 569로, 세 번째 MobileNet은 418로 실려 있습니다. 둘 다 클래스가 1,000개일 때의 값입니다. 헤드의 연산량이 적으므로 이 오류도 작습니다.
#
# 정확도는 모두 우연 수준의 100배쯤입니다. 1.0 MobileNet-224는 Inception V3보다 정확도가 0.7%p 낮지만, 곱셈-누산은 논문의 값으로 약 9분의 1입니다.

# %% [markdown] lang="en"
# ## Places: what do many classes change?
#
# PlaNet is a network that answers the question where on earth a photo was taken. It divides the surface of the earth into cells, and each cell is a class. The authors of MobileNet put such a head on their body. They print accuracies in Table 11, and costs only in the text: 10 million parameters for the last layer and 13 million in all.
#
# **Predict first.** A head of 10 million parameters on a body of 567.7 million mult-adds and 3.2 million parameters. Which share of the mult-adds and of the parameters does the head have?

# %% [markdown] lang="ko" of="74369a28"
# ## 장소: 클래스가 늘었을 때
#
# 반대로 클래스가 아주 많으면 어떻게 될까요? PlaNet은 사진을 지구의 어디에서 찍었는지 알아내는 네트워크입니다. 지구 표면을 여러 칸으로 나누고, 칸 하나를 클래스 하나로 봅니다. MobileNet의 저자들은 이런 헤드를 자신들의 백본에 붙였습니다. 표 11에는 정확도만 있고, 매개변수 수는 본문에만 있습니다. 마지막 층의 매개변수가 1,000만 개, 전체가 1,300만 개입니다.
#
# **먼저 예상해 보세요.** 곱셈-누산이 5억 6,770만 번이고 매개변수가 320만 개인 백본에 매개변수가 1,000만 개인 헤드를 붙입니다. 헤드는 곱셈-누산의 몇 %를 차지하고, 매개변수의 몇 %를 차지할까요?

# %% jupyter={"outputs_hidden": true}
classes = round(10e6 / 1024)  # as many as make 10 million parameters; the paper does not print a number
places = Network(nm.mobilenet(classes=classes))
print(f"{classes:,} classes: {places.mult_adds:,} mult-adds, {places.parameters:,} parameters")
head = 1024 * classes  # mult-adds, and as many parameters
shares = head / places.mult_adds, head / places.parameters
print("head: {:.1%} of the mult-adds, {:.1%} of the parameters".format(*shares))

# %% [markdown] lang="en"
# The head has 75.8 % of the parameters and 1.7 % of the mult-adds. 13.2 million parameters agree with the text. The text also says "0.58 Million mult-adds". We count 577.7 million, so it must be 0.58 *billion*.
#
# And the accuracy? Table 11 prints for how many percent of the test photos the answer is within a certain distance. As chance level we take a random point on the globe. Points within the distance $d$ cover the share $(1 - \cos(d / R)) / 2$ of its surface, where $R = 6371$ km is the radius of the earth.

# %% [markdown] lang="ko" of="fd7953a0"
# 헤드는 매개변수의 75.8%, 곱셈-누산의 1.7%를 차지합니다. 매개변수 1,320만 개는 본문과 맞습니다. 본문에는 곱셈-누산이 "0.58 Million"이라고도 되어 있는데, 우리가 센 값은 5억 7,770만 번이므로 million이 아니라 billion(십억)이어야 합니다.
#
# 정확도는 어떨까요? 표 11은 답이 정답에서 일정한 거리 안에 있는 테스트 사진의 비율(%)입니다. 지구 위의 아무 점이나 찍는 것을 우연 수준으로 합시다. 거리 $d$ 안에 있는 점들은 지구 표면의 $(1 - \cos(d / R)) / 2$를 차지합니다. $R = 6371$km는 지구의 반지름입니다. 출력의 chance 열이 우연 수준이고, 첫 열은 대륙(continent), 나라(country), 지역(region), 도시(city), 거리(street)를 맞혔다고 보는 거리입니다.

# %%
print(f"{'right within, % of photos':26}   chance  PlaNet  MobileNet")
for (scale, _, planet, mobilenet), d in zip(PAPER[10].rows, (2500, 750, 200, 25, 1)):
    chance = 100 * (1 - np.cos(d / 6371)) / 2
    print(f"{scale:26} {chance:8.2g} {planet:>7} {mobilenet:>10}")

# %% [markdown] lang="en"
# A random point is within 2,500 km in 3.8 % of the cases, and within 1 km practically never (`6.2e-07` means 0.00000062). So 11.4 % for streets is very good, although the number looks small. The text gives PlaNet 52 million parameters and 5.74 billion mult-adds. MobileNet makes one tenth of these mult-adds. It is better for continents and streets, equal for cities, and worse for countries and regions.

# %% [markdown] lang="ko" of="65e4b641"
# 아무 점이나 찍으면 3.8%가 정답에서 2,500km 안에 들어오고, 1km 안에는 거의 들어오지 않습니다(`6.2e-07`은 0.00000062입니다). 그러므로 1km 안(street)의 11.4%는 작아 보여도 아주 좋은 결과입니다. 본문에 따르면 PlaNet은 매개변수가 5,200만 개, 곱셈-누산이 57억 4,000만 번입니다. MobileNet의 곱셈-누산은 그 10분의 1입니다. 정확도는 PlaNet에 비해 2,500km(continent)와 1km(street)에서 더 높고, 25km(city)에서 같고, 750km(country)와 200km(region)에서 더 낮습니다.

# %% [markdown] lang="en"
# ## Face embeddings: can a head work without classes?
#
# Do two photos show the same person? A classifier cannot help, because there is no class for a person whom it has never seen. FaceNet (Schroff et al., 2015) has a head that gives 128 numbers for a photo, an **embedding**. It is trained so that two photos of one person get embeddings close to each other, and photos of two persons get embeddings far apart.
#
# We try the idea with our features, without any head. As closeness of two images we take the **cosine** of their features $u$ and $v$: $\frac{u \cdot v}{|u| |v|}$. It is 1 if both have the same direction, and 0 if they are at right angles.
#
# **Predict first.** 360 images make $360 \cdot 359 / 2 = 64{,}620$ pairs. How many of them, about, show the same digit?

# %% [markdown] lang="ko" of="7d3e5ce5"
# ## 얼굴 임베딩: 클래스가 없는 헤드
#
# 두 사진이 같은 사람의 사진일까요? 분류기로는 알 수 없습니다. 본 적이 없는 사람의 클래스는 없기 때문입니다. FaceNet(Schroff 외, 2015)의 헤드는 사진 한 장에서 숫자 128개를 구합니다. 이것을 **임베딩**(embedding)이라고 합니다. 같은 사람의 사진은 임베딩이 서로 가깝고, 다른 사람의 사진은 멀어지도록 학습합니다.
#
# 헤드 없이 숫자 네트워크의 특징으로 같은 방법을 써 봅시다. 두 이미지가 가까운 정도는 특징 $u$와 $v$의 **코사인**(cosine) $\frac{u \cdot v}{|u| |v|}$로 정합니다. 방향이 같으면 1이고 직각이면 0입니다.
#
# **먼저 예상해 보세요.** 이미지 360장으로 만들 수 있는 쌍은 $360 \cdot 359 / 2 = 64{,}620$개입니다. 그 가운데 같은 숫자의 쌍은 대략 몇 개일까요? (출력의 pairs of the same digit은 같은 숫자의 쌍, pairs of two digits는 다른 숫자의 쌍, mean cosine은 코사인의 평균입니다.)

# %% jupyter={"outputs_hidden": true}
unit = features / np.linalg.norm(features, axis=1, keepdims=True)  # (360, 256), each of length 1
one, other = np.triu_indices(360, k=1)  # the two images of each pair
cosine, same = (unit @ unit.T)[one, other], labels[one] == labels[other]
print(f"{same.sum():6,} pairs of the same digit, mean cosine {cosine[same].mean():.2f}")
print(f"{(~same).sum():6,} pairs of two digits, mean cosine {cosine[~same].mean():.2f}")

# %% [markdown] lang="en"
# One tenth of the pairs, 6,302, show the same digit, and their mean cosine is 0.93 against 0.21 for the others. Now imagine a door that opens if the cosine of two photos is above a **threshold**. It should not open for strangers. So we choose the threshold from the pairs that do *not* belong together: it may open for one in 100 of them, for one in 1,000, or for one in 10,000.
#
# By guessing, a door that opens for one in 10,000 strangers also opens for one in 10,000 friends: the chance level is 0.01 %.
#
# **Predict first.** For which share of the pairs that belong together does the door open, at these three thresholds?

# %% [markdown] lang="ko" of="f92e0892"
# 10분의 1쯤인 6,302쌍이 같은 숫자이고, 코사인의 평균은 0.93입니다. 나머지 쌍은 0.21입니다. 이제 두 사진의 코사인이 **임계값**(threshold)보다 크면 열리는 문을 생각해 봅시다. 남에게 열려서는 안 됩니다. 그래서 서로 **다른** 숫자의 쌍을 보고 임계값을 정합니다. 이런 쌍 100개 가운데 하나에만, 1,000개 가운데 하나에만, 10,000개 가운데 하나에만 열리도록 합니다.
#
# 사진과 관계없이 아무렇게나 열리는 문이라면, 남 10,000명 가운데 한 명에게 열리도록 할 때 본인에게도 10,000번에 한 번만 열립니다. 따라서 우연 수준은 0.01%입니다.
#
# **먼저 예상해 보세요.** 세 임계값에서 같은 숫자의 쌍 가운데 몇 %에 문이 열릴까요? (출력의 opens for ... of the pairs of the same digit이 이 비율입니다.)

# %% jupyter={"outputs_hidden": true}
strangers = np.sort(cosine[~same])[::-1]  # the largest first
for rate in (1e-2, 1e-3, 1e-4):
    wrongly = int(rate * len(strangers))  # so many pairs of strangers are let in
    threshold = strangers[wrongly]
    opened = (cosine[same] > threshold).mean()
    print(f"1 in {1 / rate:6,.0f} ({wrongly:3} pairs): threshold {threshold:.2f}", end=", ")
    print(f"opens for {opened:.1%} of the pairs of the same digit")

# %% [markdown] lang="en"
# The stricter the door, the more friends stay outside: 98.6 %, 92.5 %, 71.0 %. (The last threshold is set by only 5 pairs, so it would change with other images.) We take the last value, the **accuracy at 1e-4**, as the meaning of the column in Table 14. The paper does not define it.
#
# Our test was easy, because the body was trained on just these ten digits. A door for faces must work for people who were not in the training.

# %% [markdown] lang="ko" of="aca0a78b"
# 문이 엄격할수록 본인도 들어오지 못하는 경우가 많아집니다. 98.6%, 92.5%, 71.0%입니다. (마지막 임계값은 겨우 5쌍으로 정해졌으므로 다른 이미지를 쓰면 달라질 수 있습니다.) 이 마지막 값이 **1e-4에서의 정확도**(accuracy at 1e-4)입니다. 논문에는 정의가 없지만, 표 14의 열이 이 값을 뜻한다고 보겠습니다.
#
# 우리 실험은 쉬운 편입니다. 백본을 바로 이 숫자 10개로 학습했기 때문입니다. 얼굴로 여는 문은 학습 데이터에 없던 사람에게도 제대로 작동해야 합니다.

# %%
compare(14, "accuracy at 1e-4")
print(f"\n1024 x 128 is {1024 * 128 / 1e6:.2f} million; body of 0.75-160:", end=" ")
print(f"{Network(nm.mobilenet(0.75, 160)[:-1]).mult_adds / 1e6:.2f} million mult-adds")

# %% [markdown] lang="en"
# Most of this table cannot be recomputed. The body of 1.0 has 3.19 million parameters at every resolution, but the table prints 4.9 at 160 and 5.5 at 128. So the heads must differ, and the paper does not describe them. A simple head of $1024 \times 128$ would add only 0.13 million.
#
# Two rows have the same name. The body of 0.75-160 makes 165.63 million mult-adds, so the row with 166 should be called 0.75 MobileNet-160.

# %% [markdown] lang="ko" of="4ec17ddb"
# 이 표는 대부분 다시 계산할 수 없습니다. 1.0의 백본은 해상도와 관계없이 매개변수가 319만 개인데, 표에는 해상도 160에서 490만 개, 128에서 550만 개로 실려 있습니다. 헤드가 서로 다르다는 뜻인데 논문에는 설명이 없습니다. 단순히 $1024 \times 128$ 크기의 헤드를 붙이면 13만 개만 늘어납니다.
#
# 그리고 이름이 같은 행이 두 개 있습니다. 0.75-160의 백본은 곱셈-누산이 1억 6,563만 번이므로 166이 실린 행의 이름은 0.75 MobileNet-160이어야 합니다.

# %% [markdown] lang="en"
# ## Detection: how good is a box?
#
# A **detector** finds the objects in an image. For each it gives a box, a class and a score. When is a box right? The **intersection over union** (IoU) compares it with the true box: the area that both share, divided by the area that at least one of them covers.
#
# By hand: the true box has $10 \times 10$ pixels, and the found box has the same size but lies 5 pixels further to the right. They share $5 \cdot 10 = 50$ pixels and cover $100 + 100 - 50 = 150$, so the IoU is $\frac{1}{3}$.
#
# A box counts as right if its class is right and its IoU is at least a threshold. With this rule each class gets an AP as above, but the sum of the precisions is divided by the number of true objects, so that an object that was not found counts as 0. (COCO also smooths the precisions a little.) The **mAP** of Table 13 is the mean over all classes of the data set COCO and over the thresholds 0.50, 0.55 ... 0.95. Its chance level is practically 0 %, because a random box of a random class almost never fits.

# %% [markdown] lang="ko" of="15c4f308"
# ## 객체 검출: 상자의 평가
#
# **객체 검출기**(detector)는 이미지에서 물체를 찾습니다. 물체마다 상자, 클래스, 점수를 출력합니다. 찾은 상자가 맞는지는 어떻게 판단할까요? **IoU**(intersection over union)로 정답 상자와 비교합니다. 두 상자가 겹치는 부분(교집합)의 넓이를, 두 상자가 덮는 전체(합집합)의 넓이로 나눈 값입니다.
#
# 손으로 계산해 봅시다. 정답 상자는 $10 \times 10$ 픽셀이고, 찾은 상자는 크기가 같은데 5픽셀 오른쪽에 있습니다. 겹치는 넓이는 $5 \cdot 10 = 50$, 덮는 전체 넓이는 $100 + 100 - 50 = 150$이므로 IoU는 $\frac{1}{3}$입니다.
#
# 클래스가 맞고 IoU가 임계값 이상이면 맞은 상자로 봅니다. 이 규칙으로 클래스마다 AP를 구합니다. 다만 정밀도의 합을 정답 물체의 개수로 나누어서, 찾지 못한 물체는 0으로 셉니다. (COCO에서는 정밀도를 조금 매끄럽게 보정하기도 합니다.) 표 13의 **mAP**는 COCO 데이터셋의 모든 클래스와 임계값 0.50, 0.55, ..., 0.95에 대해 AP를 평균한 것입니다. 상자와 클래스를 아무렇게나 찍으면 거의 맞지 않으므로 우연 수준은 사실상 0%입니다.

# %% [markdown] lang="en"
# ## Which layers do detectors share with the classifier?
#
# The paper puts MobileNet into two kinds of detectors. **SSD** has a head at every position of six feature maps. **Faster R-CNN** works in two stages: first it proposes 300 regions in which there may be an object, then it classifies each of them. This is what they run:
#
# | layers | classifier | SSD | Faster R-CNN |
# |---|---|---|---|
# | `conv1` to `conv_pw_11` | once | once | once |
# | `conv_dw_12` to `conv_pw_13` | once | once | for each proposal |
# | more feature maps | | `conv_14` to `conv_17`, once | |
# | head | `pool` and `fc`, once | `boxes` and `classes` on six feature maps, once | `rpn`, once; `classes` and `boxes` for each proposal |
#
# The next cell makes both detectors for images of 300 x 300, and checks the first two rows against our table of layers.

# %% [markdown] lang="ko" of="8e54fa48"
# ## 검출기와 분류기가 공유하는 층
#
# 검출기는 분류기와 어느 층을 함께 쓸까요? 논문은 MobileNet을 두 종류의 검출기에 넣었습니다. **SSD**는 특징 맵 여섯 개의 모든 위치에 헤드를 둡니다. **Faster R-CNN**은 두 단계로 검출합니다. 먼저 물체가 있을 만한 **후보 영역**(proposal) 300개를 고르고, 그다음 하나씩 분류합니다. 각각 어떤 층을 몇 번 실행하는지 정리하면 다음과 같습니다.
#
# | 층 | 분류기 | SSD | Faster R-CNN |
# |---|---|---|---|
# | `conv1`~`conv_pw_11` | 한 번 | 한 번 | 한 번 |
# | `conv_dw_12`~`conv_pw_13` | 한 번 | 한 번 | 후보 영역마다 |
# | 추가 특징 맵 | | `conv_14`~`conv_17`, 한 번 | |
# | 헤드 | `pool`과 `fc`, 한 번 | 특징 맵 여섯 개에 `boxes`와 `classes`, 한 번 | `rpn`은 한 번, `classes`와 `boxes`는 후보 영역마다 |
#
# 다음 셀은 300 x 300 이미지를 입력으로 받는 두 검출기를 만들고, 위 표의 처음 두 행을 우리 층의 표와 비교해서 확인합니다.

# %%
ssd, faster = networks.ssd_mobilenet(300), networks.faster_rcnn_mobilenet(300)
convolutions = nm.mobilenet(1.0, 300)[:27]
assert ssd.layers[:27] == convolutions, "SSD has all 27 convolutions"
assert faster.layers[:23] == convolutions[:23], "conv1 and 11 blocks of two layers"
assert [layer.name for layer in faster.each_proposal[:4]] == [layer.name for layer in convolutions[23:]]

# %% [markdown] lang="en"
# ## SSD: what does a head at every position cost?
#
# SSD adds four smaller feature maps behind `conv_pw_13`, down to 1 x 1. Small feature maps are for large objects. Here are these eight layers. Each pair is a pointwise convolution, which reduces the channels to a half or a quarter, and a standard convolution of stride 2:

# %% [markdown] lang="ko" of="4e4a6e9b"
# ## SSD: 모든 위치에 두는 헤드
#
# 모든 위치에 헤드를 두면 연산량이 얼마나 될까요? SSD는 `conv_pw_13` 다음에 더 작은 특징 맵을 네 개 추가합니다. 마지막 것은 1 x 1입니다. 작은 특징 맵에서는 큰 물체를 찾습니다. 추가한 층은 다음 여덟 개입니다. 두 층씩 짝을 이루는데, 채널을 2분의 1이나 4분의 1로 줄이는 점별 합성곱과 스트라이드가 2인 표준 합성곱입니다.
#
# | 열 | 뜻 |
# |---|---|
# | layer | 층의 이름 |
# | kernel/stride | 커널의 형상과 스트라이드. 3x3x256x512/2는 형상이 (3, 3, 256, 512)이고 스트라이드가 2라는 뜻입니다 |
# | out | 출력의 형상 |
# | mult-adds, % | 곱셈-누산 횟수, 이 표 전체에서 차지하는 비중 |
# | params | 매개변수 수 |
# | in+out MB | 입력과 출력의 메모리 사용량(MB). 이 열은 일부 표에만 나옵니다 |
# | total | 합계(메모리는 최댓값) |

# %%
print(nm.cost.table(ssd.layers[27:35]))

# %% [markdown] lang="en"
# Now the heads. At each position of a feature map of $D_F \times D_F \times M$ there are $a$ boxes of fixed sizes, called **anchors**. For each anchor one pointwise convolution (`boxes`) gives 4 numbers, which move and stretch the box. Another (`classes`) gives 91 scores: 90 classes of COCO and one for "no object". So a feature map costs
#
# $$D_F^2 \cdot M \cdot a \cdot (91 + 4)$$
#
# mult-adds. The numbers in the layers' names are $D_F$. There are $a = 3$ anchors on the first feature map and 6 on the others.
#
# **Predict first.** Compute the cost for the largest feature map ($D_F = 19$, $M = 512$, $a = 3$) and for the smallest ($D_F = 1$, $M = 128$, $a = 6$) on paper. How many anchors are there in all?

# %% [markdown] lang="ko" of="0de17dee"
# 이제 헤드입니다. 크기가 $D_F \times D_F \times M$인 특징 맵의 위치마다 크기가 정해진 상자가 $a$개 있습니다. 이 상자를 **앵커**(anchor)라고 합니다. 점별 합성곱 하나(`boxes`)는 앵커마다 숫자 4개를 구합니다. 상자의 위치와 크기를 바꾸는 데 쓰는 값입니다. 다른 점별 합성곱(`classes`)은 앵커마다 점수 91개를 구합니다. COCO의 클래스 90개와 "물체 없음" 하나입니다. 따라서 특징 맵 하나의 곱셈-누산은 다음과 같습니다.
#
# $$D_F^2 \cdot M \cdot a \cdot (91 + 4)$$
#
# 층 이름 끝의 숫자가 $D_F$입니다. 앵커는 위치마다 첫 특징 맵에 $a = 3$개, 나머지 특징 맵에 6개씩 있습니다.
#
# **먼저 예상해 보세요.** 가장 큰 특징 맵($D_F = 19$, $M = 512$, $a = 3$)과 가장 작은 특징 맵($D_F = 1$, $M = 128$, $a = 6$)의 연산량을 종이에 계산해 보세요. 앵커는 모두 몇 개일까요?

# %% jupyter={"outputs_hidden": true}
heads = nm.cost.table(ssd.layers[35:])
costs = [19**2 * 512 * 3 * (91 + 4), 1**2 * 128 * 6 * (91 + 4)]
assert costs[0] == heads[0].mult_adds + heads[1].mult_adds == 52_677_120, "boxes_19 and classes_19"
anchors = sum(layer.D_F**2 * layer.N // 4 for layer in ssd.layers if layer.name.startswith("boxes"))
print(heads)
print(f"\nlargest {costs[0]:,}, smallest {costs[1]:,} mult-adds; {anchors:,} anchors")

# %% [markdown] lang="en"
# The largest feature map costs 52,677,120 mult-adds, the smallest 72,960. The first two of the six make nearly all mult-adds of the heads. There are 1,917 anchors.
#
# **Predict first.** Which share of all mult-adds of this SSD does the body make: the 27 convolutions that the classifier has, too?

# %% [markdown] lang="ko" of="b6e91fa3"
# 가장 큰 특징 맵은 52,677,120번, 가장 작은 특징 맵은 72,960번입니다. 헤드의 곱셈-누산은 거의 모두 처음 두 특징 맵에서 나옵니다. 앵커는 모두 1,917개입니다.
#
# **먼저 예상해 보세요.** 이 SSD에서 백본, 즉 분류기에도 있는 합성곱 27개는 곱셈-누산의 몇 %를 차지할까요? (출력의 body는 백본, four more feature maps는 추가한 특징 맵 네 개, heads는 헤드, all은 전체입니다.)

# %% jupyter={"outputs_hidden": true}
parts = {"body": ssd.layers[:27], "four more feature maps": ssd.layers[27:35], "heads": ssd.layers[35:]}
for name, part in parts.items():
    print(f"{name:23} {Network(part).mult_adds:13,} {Network(part).mult_adds / ssd.mult_adds:6.1%}")
print(f"{'all':23} {ssd.mult_adds:13,}")

# %% [markdown] lang="en"
# The body makes 85.3 %. So for SSD a cheaper body makes the whole detector cheaper.

# %% [markdown] lang="ko" of="11448151"
# 백본이 85.3%를 차지합니다. 그러므로 SSD에서는 백본의 연산량을 줄이면 검출기 전체의 연산량이 줄어듭니다.

# %% [markdown] lang="en"
# ## Faster R-CNN: what do 300 proposals cost?
#
# In Faster R-CNN a small **region proposal network** (`rpn`) reads the feature map after `conv_pw_11`, which has $19 \times 19 \times 512$ elements for an image of 300 x 300. At each position it has 12 anchors. For each anchor it gives 2 scores (object or no object) and 4 numbers for the box. These layers run once:

# %% [markdown] lang="ko" of="e14f816d"
# ## Faster R-CNN: 후보 영역 300개
#
# 후보 영역 300개의 연산량은 얼마일까요? Faster R-CNN에서는 작은 **후보 영역 네트워크**(region proposal network, `rpn`)가 `conv_pw_11` 다음의 특징 맵을 받습니다. 이미지가 300 x 300이면 이 특징 맵의 크기는 $19 \times 19 \times 512$입니다. 위치마다 앵커가 12개 있고, 앵커마다 점수 2개(물체가 있다, 없다)와 상자를 위한 숫자 4개를 구합니다. 이 층들은 한 번만 실행합니다.

# %%
print(nm.cost.table(faster.layers[23:]))

# %% [markdown] lang="en"
# The 300 boxes with the best scores are the proposals. For each of them, the part of the feature map inside the box is cut out and resized to $14 \times 14 \times 512$. Then the last two blocks of the body, a pool, and two fully connected layers run on it. These layers run 300 times:

# %% [markdown] lang="ko" of="c7d4c40b"
# 점수가 가장 높은 상자 300개가 후보 영역입니다. 후보 영역마다 상자 안의 특징 맵을 잘라 내어 $14 \times 14 \times 512$ 크기로 바꿉니다. 그것을 입력으로 해서 백본의 마지막 두 블록, 풀링, 완전 연결 층 두 개를 실행합니다. 이 층들은 모두 300번 실행합니다.

# %%
print(nm.cost.table(faster.each_proposal))

# %% [markdown] lang="en"
# **Predict first.** One proposal takes 78.2 million mult-adds, and everything that runs once takes 1.76 billion. Which is more: once, or 300 times? What happens if the side of the image doubles to 600?

# %% [markdown] lang="ko" of="a7d42d17"
# **먼저 예상해 보세요.** 곱셈-누산은 후보 영역 하나에 7,820만 번, 한 번만 실행하는 층 전체에 17억 6,000만 번입니다. 한 번만 실행하는 층과 300번 실행하는 층 가운데 어느 것의 연산량이 더 많을까요? 이미지의 한 변의 길이가 600으로 두 배가 되면 어떻게 될까요? (출력의 once는 한 번만 실행하는 층, billion은 십억입니다.)

# %% jupyter={"outputs_hidden": true}
for side in (300, 600):
    detector = networks.faster_rcnn_mobilenet(side)
    once, each = Network(detector.layers).mult_adds, Network(detector.each_proposal).mult_adds
    print(f"{side}: once {once / 1e9:.2f} + 300 x {each / 1e9:.4f} = {detector.mult_adds / 1e9:.2f} billion")
    assert detector.mult_adds == once + 300 * each, "each proposal runs the same layers"

# %% [markdown] lang="en"
# 300 proposals cost $300 \cdot 0.0782 = 23.46$ billion, 13 times as much as everything that runs once. If the side doubles, the layers that run once cost about four times as much, but the proposals cost the same. So in all it is only 1.2 times as much.

# %% [markdown] lang="ko" of="c552b2a3"
# 후보 영역 300개의 곱셈-누산은 십억 단위로 $300 \cdot 0.0782 = 23.46$, 즉 234억 6,000만 번입니다. 한 번만 실행하는 층 전체의 13배입니다. 한 변의 길이가 두 배가 되면 한 번만 실행하는 층은 연산량이 약 4배가 되지만 후보 영역은 그대로입니다. 그래서 전체는 1.2배밖에 되지 않습니다.

# %%
compare(13, "mAP, %")

# %% [markdown] lang="en"
# All mult-adds of MobileNet agree with the paper, for all three detectors. (VGG in Faster R-CNN at 600 agrees if biases are counted.) Compare MobileNet with VGG: in SSD it has 1.8 percentage points less mAP and 29 times fewer mult-adds as printed. In Faster R-CNN at 300 it has 6.5 percentage points less and only 2.6 times fewer mult-adds.
#
# So a cheap body helps most where the body makes most of the mult-adds. Note the words of the column: 19.3 % mAP is not "one object in five is found". mAP is strict, because it also averages over IoU thresholds up to 0.95.

# %% [markdown] lang="ko" of="7b44d702"
# 세 검출기 모두 MobileNet의 곱셈-누산은 논문과 일치합니다. (해상도 600의 Faster R-CNN VGG는 편향까지 세면 맞습니다.) MobileNet을 VGG와 비교해 봅시다. SSD에서는 mAP가 1.8%p 낮고, 곱셈-누산은 논문의 값으로 29분의 1입니다. 해상도 300의 Faster R-CNN에서는 mAP가 6.5%p나 낮은데도 곱셈-누산은 약 2.6분의 1로 줄어드는 데 그칩니다.
#
# 그러므로 연산량이 적은 백본은, 백본이 전체 연산량의 대부분을 차지하는 네트워크에서 효과가 가장 큽니다. 열의 이름에도 주의하세요. mAP 19.3%는 "물체 다섯 개 가운데 하나를 찾았다"는 뜻이 아닙니다. mAP는 0.95까지의 IoU 임계값에 대해서도 평균하므로 아주 엄격합니다.

# %% [markdown] lang="en"
# ## Which measure has which chance level?
#
# We have met four measures. A percentage means something else in each of them:
#
# | measure | table | what it is | chance level |
# |---|---|---|---|
# | top-1 accuracy | 10 | share of images whose most probable class is right | 1 / number of classes: 0.8 % |
# | mean AP | 12 | mean over questions of how early the images with yes come | share of images with yes: not printed |
# | mAP | 13 | mean AP over classes and over IoU thresholds | about 0 % |
# | accuracy at 1e-4 | 14 | share of equal pairs accepted, with 1 of 10,000 others | 0.01 % |
#
# So 83.3 % in Table 10, 88.7 % in Table 12, 19.3 % in Table 13 and 79.4 % in Table 14 must not be compared with each other.

# %% [markdown] lang="ko" of="4a0f233e"
# ## 네 가지 척도와 우연 수준
#
# 척도마다 우연 수준은 어떻게 다를까요? 지금까지 네 가지 척도를 보았습니다. 모두 %로 나타내지만 뜻은 서로 다릅니다.
#
# | 척도 | 표 | 뜻 | 우연 수준 |
# |---|---|---|---|
# | top-1 정확도 | 10 | 확률이 가장 높은 클래스가 정답인 이미지의 비율 | 1 / 클래스 개수: 0.8% |
# | 평균 AP | 12 | 정답이 예인 이미지가 얼마나 앞에 오는지를 질문마다 구해서 평균한 값 | 정답이 예인 이미지의 비율: 논문에 없음 |
# | mAP | 13 | 클래스와 IoU 임계값에 대해 AP를 평균한 값 | 약 0% |
# | 1e-4에서의 정확도 | 14 | 서로 다른 쌍을 10,000개에 하나만 받아들일 때, 서로 같은 쌍을 받아들이는 비율 | 0.01% |
#
# 그러므로 표 10의 83.3%, 표 12의 88.7%, 표 13의 19.3%, 표 14의 79.4%를 서로 비교해서는 안 됩니다.

# %% [markdown] lang="en"
# ## All uses together
#
# For each use, the figure shows which share of the mult-adds and of the parameters belongs to the body and which to the head.
#
# **Predict first.** In which use does the head hold most of the parameters? In which does it make most of the mult-adds?

# %% [markdown] lang="ko" of="69d1239d"
# ## 활용 사례의 비교
#
# 지금까지 본 활용 사례를 모두 비교해 봅시다. 그림은 곱셈-누산과 매개변수에서 백본과 헤드가 각각 몇 %를 차지하는지 보여 줍니다.
#
# **먼저 예상해 보세요.** 헤드가 매개변수의 대부분을 차지하는 사례는 어느 것일까요? 헤드가 곱셈-누산의 대부분을 차지하는 사례는 어느 것일까요?

# %% jupyter={"outputs_hidden": true}
uses = [("ImageNet, 1000 classes", body, whole), ("places, 9,766 classes", body, places)]
uses += [("dogs, 120 classes", body, Network(nm.mobilenet(classes=120)))]
uses += [("embedding, 128 numbers", body, Network(nm.mobilenet(classes=128)))]
uses += [("detection: SSD 300", Network(ssd.layers[:27]), ssd)]
uses += [("detection: Faster R-CNN 300", Network(faster.layers[:23]), faster)]
nm.plots.head_shares(uses)

# %% [markdown] lang="en"
# The head for places holds 76 % of the parameters and makes 1.7 % of the mult-adds. In Faster R-CNN everything that is not the shared part of the body counts as head here: it makes 96 % of the mult-adds. Before you make a network cheaper, find out which of the two budgets is your problem, and which part uses it.

# %% [markdown] lang="ko" of="ddb82fbc"
# 장소를 알아내는 헤드는 매개변수의 76%를 차지하지만 곱셈-누산에서는 1.7%만 차지합니다. Faster R-CNN에서는 분류기와 똑같이 한 번만 실행하는 백본 부분을 뺀 나머지를 모두 헤드로 보았는데, 이 나머지가 곱셈-누산의 96%를 차지합니다. 네트워크를 작게 만들기 전에, 곱셈-누산과 매개변수 가운데 무엇이 문제이고 그것을 어느 부분이 차지하는지 먼저 알아보세요.

# %% [markdown] lang="en"
# ## Summary
#
# - The body turns an image into features, and the head turns features into an answer. A head of $N$ outputs makes $M \cdot N$ mult-adds and has as many parameters: few mult-adds, but often many parameters.
# - A result says something only next to its chance level. On the digits, a head on the trained body gets 177 to 179 of 180 right for questions that depend on the class. For a question that does not, it gets no more than chance, although the pixels contain the answer.
# - Top-1 accuracy, mean AP, mAP and accuracy at 1e-4 are four different measures with different chance levels. Do not compare one with another.
# - SSD shares all 27 convolutions, and its body makes 85 % of the mult-adds. Faster R-CNN runs the last two blocks for each of 300 proposals, and they make most of the mult-adds.

# %% [markdown] lang="ko" of="bfbbfd1e"
# ## 정리
#
# - 백본은 이미지를 특징으로 바꾸고, 헤드는 특징에서 답을 구합니다. 출력이 $N$개인 헤드는 곱셈-누산이 $M \cdot N$번이고 매개변수가 $M \cdot N$개입니다. 곱셈-누산은 적지만 매개변수는 많은 경우가 흔합니다.
# - 결과는 우연 수준과 함께 보아야 의미가 있습니다. 학습된 백본에 헤드를 붙이면, 클래스로 답이 정해지는 질문에서는 180개 가운데 177~179개를 맞힙니다. 클래스와 관계없는 질문에서는 픽셀에 정보가 있는데도 우연 수준에 머뭅니다.
# - top-1 정확도, 평균 AP, mAP, 1e-4에서의 정확도는 서로 다른 척도이고 우연 수준도 다릅니다. 서로 비교해서는 안 됩니다.
# - SSD는 합성곱 27개를 모두 분류기와 공유하고, 백본이 곱셈-누산의 85%를 차지합니다. Faster R-CNN은 백본의 마지막 두 블록을 후보 영역 300개마다 실행하고, 이것이 곱셈-누산의 대부분을 차지합니다.

# %% [markdown] lang="en"
# ## Exercises
#
# **1.** By hand: a head for 37 breeds of cats and dogs on the body of 1.0-224. How many mult-adds and parameters does it have? And on the body of 0.5-224, which gives 512 features? What is the chance level of the top-1 accuracy?
#
# <details><summary>Answer 1</summary>
#
# $1024 \cdot 37 = 37{,}888$ mult-adds and as many parameters; with 512 features half of it, 18,944. The chance level is $\frac{1}{37} = 2.7$ %, if there are as many photos of each breed.
#
# </details>
#
# **2.** By hand: the body of 1.0 has 3,185,088 parameters. For how many classes does the head have more?
#
# <details><summary>Answer 2</summary>
#
# $3{,}185{,}088 / 1024 = 3110.4$. From 3,111 classes on, the head has more parameters than the body.
#
# </details>
#
# **3.** A phone should answer 10 questions with yes or no about each image. Compare the mult-adds and the parameters of ten networks of 0.25-128 with one output each, and of one body of 1.0-128 with ten heads. Use `nm.mobilenet` and `Network`. Then do the same with one body of 0.5-128.
#
# <details><summary>Answer 3</summary>
#
# `Network(nm.mobilenet(0.25, 128, classes=1))` makes 13,314,304 mult-adds and has 207,856 parameters, so ten of them make 133.1 million and have 2.08 million. `Network(nm.mobilenet(1.0, 128, classes=10))` makes 185.4 million and has 3.20 million. Here the ten thin networks are cheaper.
# With 0.5-128 one body makes 48.7 million and has 0.81 million. So to share a body is cheaper if it is not too wide. The accuracy has to be measured.
#
# </details>
#
# **4.** By hand: with how many proposals would the proposals of Faster R-CNN at 300 cost as much as everything that runs once? The standard convolution `rpn` makes 851,705,856 mult-adds. How many would remain if it were replaced by a depthwise and a pointwise convolution, and how many percent of the whole detector would that save?
#
# <details><summary>Answer 4</summary>
#
# $1{,}761{,}551{,}296 / 78{,}209{,}536 = 22.5$: with 22 or 23 proposals. The ratio of lesson 2 is $\frac{1}{512} + \frac{1}{9} = 0.1131$, so $96{,}297{,}472$ remain. That saves 755 million of 25.2 billion, only 3 %, because the proposals cost most.
#
# </details>
#
# **5.** Discuss: a door opens for faces with an accuracy of 79.4 % at 1e-4 (Table 14). What else do you want to know before you install it in a house where 200 people live?
#
# <details><summary>Answer 5</summary>
#
# For example: it does not open in 20.6 % of the attempts by people who live there. What do they do then? Each stranger is compared with 200 people, so it opens for about $200 \cdot \frac{1}{10{,}000} = 2$ % of the strangers, not for 0.01 %. Is the rate the same for all groups of people? Who is in the training photos, and did they agree? Whoever will stand before the door should be asked.
#
# </details>

# %% [markdown] lang="ko" of="de8d8339"
# ## 연습 문제
#
# **1.** (손 계산) 1.0-224의 백본에 고양이와 개의 품종 37가지를 분류하는 헤드를 붙입니다. 헤드의 곱셈-누산과 매개변수는 각각 얼마인가요? 특징이 512개인 0.5-224의 백본에 붙이면 얼마인가요? top-1 정확도의 우연 수준은 얼마인가요?
#
# <details><summary>1번 답</summary>
#
# 곱셈-누산은 $1024 \cdot 37 = 37{,}888$번이고 매개변수도 37,888개입니다. 특징이 512개이면 그 절반인 18,944번, 18,944개입니다. 품종마다 사진 수가 같다면 우연 수준은 $\frac{1}{37} = 2.7$%입니다.
#
# </details>
#
# **2.** (손 계산) 1.0의 백본에는 매개변수가 3,185,088개 있습니다. 클래스가 몇 개 이상이면 헤드의 매개변수가 더 많을까요?
#
# <details><summary>2번 답</summary>
#
# $3{,}185{,}088 / 1024 = 3110.4$이므로 클래스가 3,111개 이상이면 헤드의 매개변수가 백본보다 많습니다.
#
# </details>
#
# **3.** 휴대전화로 이미지마다 예-아니요 질문 10개에 답하려고 합니다. 출력이 하나씩인 0.25-128 네트워크 10개와, 1.0-128 백본 하나에 헤드 10개를 붙인 것의 곱셈-누산과 매개변수를 비교하세요. `nm.mobilenet`과 `Network`를 사용하세요. 그다음 0.5-128 백본 하나로 바꾸어 보세요.
#
# <details><summary>3번 답</summary>
#
# `Network(nm.mobilenet(0.25, 128, classes=1))`은 곱셈-누산 13,314,304번에 매개변수 207,856개이므로 10개이면 1억 3,310만 번에 208만 개입니다. `Network(nm.mobilenet(1.0, 128, classes=10))`은 1억 8,540만 번에 320만 개입니다. 이 경우에는 얇은 네트워크 10개의 연산량이 더 적습니다.
# 0.5-128이면 백본 하나로 4,870만 번에 81만 개입니다. 그러므로 백본이 너무 넓지 않으면 공유하는 편이 낫습니다. 정확도가 어떻게 달라지는지는 측정해 보아야 합니다.
#
# </details>
#
# **4.** (손 계산) 해상도 300의 Faster R-CNN에서 후보 영역이 몇 개이면 한 번만 실행하는 층 전체와 연산량이 같을까요? 표준 합성곱 `rpn`의 곱셈-누산은 851,705,856번입니다. 이것을 깊이별 합성곱과 점별 합성곱으로 바꾸면 몇 번이 될까요? 검출기 전체에서 몇 %가 줄어들까요?
#
# <details><summary>4번 답</summary>
#
# $1{,}761{,}551{,}296 / 78{,}209{,}536 = 22.5$이므로 22개나 23개입니다. 2강의 비율은 $\frac{1}{512} + \frac{1}{9} = 0.1131$이므로 `rpn`은 $96{,}297{,}472$번이 됩니다. 전체 252억 번 가운데 7억 5,500만 번, 즉 3%만 줄어듭니다. 후보 영역마다 실행하는 층이 연산량의 대부분을 차지하기 때문입니다.
#
# </details>
#
# **5.** (토론) 얼굴로 여는 문이 있습니다. 정확도는 1e-4에서 79.4%입니다(표 14). 200명이 사는 건물에 이 문을 설치하기 전에 무엇을 더 알아야 할까요?
#
# <details><summary>5번 답</summary>
#
# 예를 들면 다음과 같습니다. 건물에 사는 사람이 시도해도 20.6%는 문이 열리지 않습니다. 그때는 어떻게 해야 할까요? 남이 오면 200명과 모두 비교하므로 문이 열릴 확률은 0.01%가 아니라 약 $200 \cdot \frac{1}{10{,}000} = 2$%입니다. 이 비율은 어느 집단의 사람에게나 같을까요? 학습에 쓴 사진에는 어떤 사람들이 있고, 그 사람들은 동의했을까요? 그 문을 쓸 사람들의 의견도 들어야 합니다.
#
# </details>

# %% [markdown] lang="en"
# **6.** (Code) Write `my_iou(a, b)`. A box is `(left, top, right, bottom)`. Return the area that both boxes share, divided by the area that at least one of them covers. If they do not touch, the result is 0.

# %% [markdown] lang="ko" of="f461dacd"
# **6.** (코딩) 함수 `my_iou(a, b)`를 작성하세요. 상자는 `(left, top, right, bottom)`, 즉 왼쪽, 위, 오른쪽, 아래의 좌표입니다. 두 상자가 겹치는 부분의 넓이를, 두 상자가 덮는 전체의 넓이로 나눈 값을 반환하세요. 서로 떨어져 있으면 0입니다. (출력의 write ..., then run this cell again은 "...를 작성한 다음 이 셀을 다시 실행하세요", is right는 "맞았습니다"라는 뜻입니다.)


# %%
def my_iou(a, b):
    raise NotImplementedError("Exercise 6: write my_iou, then run this cell again")


# %%
cases = {
    ((0, 0, 10, 10), (5, 0, 15, 10)): 1 / 3,  # the example above
    ((0, 0, 10, 10), (5, 5, 15, 15)): 25 / 175,  # moved to the right and down
    ((0, 0, 4, 4), (1, 1, 3, 3)): 4 / 16,  # one inside the other
    ((0, 0, 2, 2), (3, 3, 5, 5)): 0,  # apart in both directions
}
try:
    for (a, b), right in cases.items():
        found = my_iou(a, b)
        assert np.isclose(found, right), f"{a} and {b} have the IoU {right:.3f}, not {found:.3f}"
    print("Exercise 6 is right.")
except NotImplementedError as todo:
    print(todo)

# %% [markdown] lang="en"
# <details><summary>Answer 6</summary>
#
# ```python
# def my_iou(a, b):
#     width = min(a[2], b[2]) - max(a[0], b[0])
#     height = min(a[3], b[3]) - max(a[1], b[1])
#     shared = max(width, 0) * max(height, 0)  # two negative numbers must not give a positive area
#     areas = [(box[2] - box[0]) * (box[3] - box[1]) for box in (a, b)]
#     return shared / (sum(areas) - shared)
# ```
#
# </details>

# %% [markdown] lang="ko" of="38c8650c"
# <details><summary>6번 답</summary>
#
# ```python
# def my_iou(a, b):
#     width = min(a[2], b[2]) - max(a[0], b[0])
#     height = min(a[3], b[3]) - max(a[1], b[1])
#     shared = max(width, 0) * max(height, 0)  # 음수 두 개를 곱해서 양수가 되면 안 됩니다
#     areas = [(box[2] - box[0]) * (box[3] - box[1]) for box in (a, b)]
#     return shared / (sum(areas) - shared)
# ```
#
# </details>
