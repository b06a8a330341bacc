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
# After this lesson you can
#
# - take a network apart into a body and a head, and say what each costs;
# - put a head of your own on a trained body, in three lines;
# - recompute the paper's Tables 10 to 14, and say which of their numbers nobody can recompute.
#
# About 25 minutes. You need: lesson 3, or to know the layers of MobileNet. Lesson 5 helps.

# %% [markdown] lang="ko" of="9f2d6b49"
# # 8. 어디에 쓰이나
#
# 이 수업을 마치면
#
# - 네트워크를 몸통(body)과 머리(head)로 나누고 각각의 비용을 말할 수 있습니다.
# - 학습된 몸통 위에 직접 만든 머리를 세 줄로 얹을 수 있습니다.
# - 논문의 표 10부터 14까지를 다시 계산하고, 그 가운데 아무도 다시 계산할 수 없는 수가 무엇인지 말할 수 있습니다.
#
# 약 25분. 3강을 들었거나 MobileNet의 층을 알고 있으면 됩니다. 5강을 들었으면 더 좋습니다.

# %%
try:
    import npmobile as nm
except ImportError as error:
    raise ImportError(
        "install npmobile first: pip install . in its folder, or pip install its wheel, npmobile-*.whl"
    ) from error
from dataclasses import replace

import numpy as np

from npmobile.paper import networks
from npmobile.paper.networks import Network
from npmobile.paper.printed import PAPER

_ = nm.language.use("en")

# %% [markdown] lang="en"
# ## A body and a head
#
# Nearly all of MobileNet does not know what it is used for. Twenty-seven convolutions turn a picture into smaller and smaller maps, and the pool turns the last into
# $M = 1024$ numbers: the **body**. Only the last layer asks a question, such as "which of 1000 classes?": the **head**. The paper keeps the body and changes the head.

# %% [markdown] lang="ko" of="8337a664"
# ## 몸통과 머리
#
# MobileNet의 대부분은 자기가 어디에 쓰이는지 모릅니다. 합성곱 스물일곱 개가 그림을 점점 작은 특징 맵(feature map)으로 바꾸고, 풀링이 마지막 특징 맵을
# 수 $M = 1024$개로 바꿉니다. 여기까지가 **몸통**입니다. "클래스 1000개 가운데 어느 것인가?"처럼 질문을 던지는 것은 마지막 층뿐이며, 이것이 **머리**입니다. 논문은 몸통을 그대로 두고 머리를 바꿉니다.

# %%
nm.plots.body_and_heads()

# %% [markdown] lang="en"
# On the right stand heads that read the last numbers. Above stands a detector, which must know *where* things are: the pool would throw that away, so it reads the maps.
#
# **Predict first.** A head with $N$ outputs costs $M \cdot N$ mult-adds and has as many parameters. For ImageNet, what part of the mult-adds is the head's, and what part of the parameters?

# %% [markdown] lang="ko" of="5dee209e"
# 오른쪽은 마지막 수들을 읽는 머리입니다. 위쪽의 검출기는 물체가 *어디에* 있는지 알아야 합니다. 풀링을 거치면 위치가 사라지므로 특징 맵을 직접 읽습니다.
#
# **먼저 예상해 보세요.** 출력이 $N$개인 머리에는 곱셈-덧셈(mult-add)이 $M \cdot N$번 들고 매개변수(parameter)도 그만큼 있습니다. ImageNet에서 머리는 곱셈-덧셈의 얼마, 매개변수의 얼마를 차지할까요?

# %%
layers = nm.mobilenet()
body, whole = Network(layers[:-1]), Network(layers)
for what in ("mult_adds", "parameters"):
    below, all_of_it = getattr(body, what), getattr(whole, what)
    print(f"{what:11} body {below:>11,}   head {all_of_it - below:>9,}   {(all_of_it - below) / all_of_it:.2%}")
assert whole.mult_adds - body.mult_adds == 1024 * 1000, "the pool has no mult-adds"

# %% [markdown] lang="en"
# Under a fifth of a percent of the work and a quarter of the memory. A head of this kind is cheap to run and dear to store. Keep both columns in mind for all that follows.

# %% [markdown] lang="ko" of="9b5b6377"
# 일의 양으로는 0.2 %가 안 되는데 기억 공간으로는 4분의 1입니다. 이런 머리는 돌리기에는 싸고 저장하기에는 비쌉니다. 앞으로 두 열을 늘 함께 보세요.

# %% [markdown] lang="en"
# ## Face attributes: several questions, one body
#
# Does the person smile? Wear glasses? Each question is yes or no, and all of them can read the same numbers. We have no faces here, but we have digits and a body trained on them. Three questions that it was
# never asked: is the digit even? Does it have a closed loop (0, 6, 8, 9)? Is it above 4?

# %% [markdown] lang="ko" of="8cb4c2ac"
# ## 얼굴 속성: 여러 질문, 하나의 몸통
#
# 웃고 있나? 안경을 썼나? 질문마다 답은 예 또는 아니요이고, 모든 질문이 같은 수들을 읽을 수 있습니다. 여기에는 얼굴이 없지만 숫자와, 숫자로 학습된 몸통이 있습니다.
# 이 몸통이 한 번도 받아 본 적 없는 질문 셋을 던져 봅시다. 짝수인가? 닫힌 고리가 있나(0, 6, 8, 9)? 4보다 큰가?

# %%
model = nm.digits()
x, truth = nm.digits_test()
features = replace(model, layers=model.layers[:-1]).predict(x)  # (360, 256): without the head
answers = np.stack([truth % 2 == 0, np.isin(truth, (0, 6, 8, 9)), truth > 4], axis=1)  # (360, 3)
print(features.shape, answers.shape)

# %% [markdown] lang="en"
# The head is one matrix. Half of the digits choose it by least squares ($+1$ for yes, $-1$ for no), the other half judge it. **Predict first:** how many of 180 will it get right?

# %% [markdown] lang="ko" of="a4834ffe"
# 머리는 행렬 하나입니다. 숫자의 절반으로 최소제곱법을 써서 정하고(예는 $+1$, 아니요는 $-1$), 나머지 절반으로 평가합니다. **먼저 예상해 보세요.** 180개 가운데 몇 개를 맞힐까요?


# %%
def fit_and_judge(numbers):
    head, *_ = np.linalg.lstsq(numbers[:180], np.where(answers[:180], 1.0, -1.0), rcond=1e-2)
    return ((numbers[180:] @ head > 0) == answers[180:]).sum(axis=0)


untrained = nm.random_model(alpha=0.25, resolution=32, classes=10)
print("trained body  ", fit_and_judge(features))
print("the 64 pixels ", fit_and_judge(x[:, ::4, ::4, 0].reshape(360, 64)))
print("untrained body", fit_and_judge(replace(untrained, layers=untrained.layers[:-1]).predict(x)))

# %% [markdown] lang="en"
# About 178 of 180 on the trained body, about 155 on the bare pixels, and far fewer on a body with random weights. So it is the training of the body that the heads live on, not its shape.
#
# And the cost? Three networks would run the body three times.

# %% [markdown] lang="ko" of="4c51344c"
# 학습된 몸통 위에서는 180개 가운데 178개쯤, 픽셀만으로는 155개쯤, 가중치가 무작위인 몸통 위에서는 훨씬 적게 맞힙니다. 머리가 기대는 것은 몸통의 모양이 아니라 몸통의 학습입니다.
#
# 비용은 어떨까요? 네트워크를 셋 두면 몸통도 세 번 돌려야 합니다.

# %%
small = Network(model.layers[:-1])
print(f"three networks: {3 * (small.mult_adds + 256):,}   three heads on one body: {small.mult_adds + 3 * 256:,}")

# %% [markdown] lang="en"
# The second and third question are almost free. Now the paper's own bill for face attributes. This prints a table with our counts beside the printed ones (in millions, or billions where the paper does):

# %% [markdown] lang="ko" of="ec186f1b"
# 둘째, 셋째 질문은 거의 공짜입니다. 이제 얼굴 속성에 대한 논문의 계산서를 봅시다. 인쇄된 수 옆에 우리가 센 수를 놓고 보여 주는 함수입니다(단위는 논문처럼 백만 또는 십억입니다).


# %%
def beside(cell):
    unit = 1e9 if "billion" in cell.column else 1e6
    return f"{cell.printed:>6} / {cell.ours / unit:<8.3f}" if cell.ours else f"{cell.printed:>6} / {'?':<8}"


def compare(number):
    table = PAPER[number - 1]
    cells = nm.paper.cells(table)
    print(f"{'':29}accuracy %   mult-adds / ours   parameters / ours    verdict on the mult-adds")
    for row, cost, parameters in zip(table.rows, cells[::2], cells[1::2]):
        print(f"{cost.row:29}{row[-3]:>8}     {beside(cost)}  {beside(parameters)}  {cost.verdict}")


# %%
compare(12)

# %% [markdown] lang="en"
# How many attributes there are the paper does not say, so ours is the body alone ("other convention"): it fits three rows, and a fourth if 48.648 is cut off. A few attributes more or less would not show in these digits. The baseline is a private network.
# The thinnest MobileNet at 224 is more accurate than it, at less than a thirtieth of the mult-adds: the large network taught it (distillation), and its own labels were not even needed.
#
# What of the two slips?

# %% [markdown] lang="ko" of="b1b9e82f"
# 속성이 몇 개인지는 논문에 없으므로 우리 수는 몸통만 센 것입니다("other convention"은 '다른 규약'). 그래도 세 행이 맞고, 48.648의 소수점 아래를 버리면 한 행이 더 맞습니다. 속성이 몇 개 많거나 적어도 인쇄된 자릿수에는 나타나지 않습니다. 기준선(baseline)은 공개되지 않은 네트워크입니다.
# 224에서 가장 얇은 MobileNet이 곱셈-덧셈은 기준선의 30분의 1도 안 쓰면서 더 정확합니다. 큰 네트워크가 가르쳤기 때문이고(증류, distillation), 정답표조차 필요 없었습니다.
#
# 그럼 'slip'(실수)이라고 표시된 둘은 무엇일까요?

# %%
for cell in nm.paper.cells(PAPER[11]):
    if cell.verdict == "slip":
        print(f"{cell.row}: printed {cell.printed}, ours {cell.ours / 1e6:.1f}; {cell.why}")

# %% [markdown] lang="en"
# Both rows have $\alpha = 0.25$, where the first layer has 8 channels. With 16 of them the printed numbers come out (45.993 cut off to 45). A count tells what was really built, or what was really counted.

# %% [markdown] lang="ko" of="7e00d056"
# 두 행 모두 $\alpha = 0.25$이고, 이때 첫 층의 채널(channel)은 8개입니다. 16개로 하면 인쇄된 수가 나옵니다(45.993은 소수점 아래를 버려 45). 세어 보면 실제로 무엇을 만들었는지, 아니면 실제로 무엇을 세었는지가 드러납니다.

# %% [markdown] lang="en"
# ## Fine-grained classes: 120 dogs
#
# Stanford Dogs has 120 breeds. **Predict first:** with 120 classes instead of 1000, how do the 569 million mult-adds and the 4.2 million parameters change?

# %% [markdown] lang="ko" of="23f783a3"
# ## 세밀한 분류: 개의 품종 120가지
#
# Stanford Dogs 데이터에는 품종이 120가지 있습니다. **먼저 예상해 보세요.** 클래스가 1000개에서 120개로 줄면 곱셈-덧셈 5억 6900만 번과 매개변수 420만 개는 어떻게 달라질까요?

# %%
compare(10)

# %% [markdown] lang="en"
# The parameters fall to 3.3 million, as printed. The mult-adds fall by less than a million, from 568.7 to 567.8, and the paper still prints 569 and 418, the numbers of 1000 classes: a slip that nobody feels.
# Against Inception V3 the widest MobileNet loses 0.7 points and runs with about a ninth of the printed mult-adds.

# %% [markdown] lang="ko" of="16969451"
# 매개변수는 인쇄된 대로 330만 개로 줄어듭니다. 곱셈-덧셈은 568.7에서 567.8로, 백만 번도 줄지 않습니다. 그런데 논문에는 클래스가 1000개일 때의 569와 418이 그대로 인쇄되어 있습니다. 아무도 아프지 않은 실수입니다.
# 가장 넓은 MobileNet은 Inception V3에 0.7점 뒤지지만, 인쇄된 곱셈-덧셈으로는 약 9분의 1만 씁니다.

# %% [markdown] lang="en"
# ## Where on earth was this taken?
#
# The paper's first figure shows landmarks; its experiment is PlaNet, which cuts the earth into cells and asks in which of them a photograph was taken. That is a question with very many classes. The text gives
# the final layer 10 million parameters and the whole 13 million; Table 11 has accuracies only.
#
# **Predict first:** a head of 10 million parameters on a body of 568 million mult-adds. What part of the mult-adds is the head's now?

# %% [markdown] lang="ko" of="21278cea"
# ## 이 사진은 지구 어디에서 찍었을까?
#
# 논문의 첫 그림에는 랜드마크가 나옵니다. 실험은 PlaNet으로 했습니다. 지구를 칸으로 나누고 사진이 어느 칸에서 찍혔는지 묻습니다. 클래스가 아주 많은 질문입니다. 논문의 본문은
# 마지막 층의 매개변수를 1000만 개, 전체를 1300만 개라고 합니다. 표 11에는 정확도만 있습니다.
#
# **먼저 예상해 보세요.** 곱셈-덧셈 5억 6800만 번짜리 몸통 위에 매개변수 1000만 개짜리 머리를 얹습니다. 이제 머리는 곱셈-덧셈의 얼마를 차지할까요?

# %%
cells = round(10e6 / 1024)  # as many as make 10 million parameters; the paper does not say how many there are
places = Network(nm.mobilenet(classes=cells))
print(f"{cells:,} cells: {places.parameters:,} parameters, {places.mult_adds:,} mult-adds")
head = places.mult_adds - body.mult_adds
print(f"the head: {head / places.parameters:.1%} of the parameters, {head / places.mult_adds:.1%} of the mult-adds")

# %% [markdown] lang="en"
# Three quarters of the parameters and under 2 % of the work. 13 million parameters agree with the text. Its "0.58 million mult-adds" must be billion: we count 577.7 million. And the accuracy?

# %% [markdown] lang="ko" of="6da246ed"
# 매개변수로는 4분의 3, 일로는 2 %가 안 됩니다. 매개변수 1300만 개는 본문과 맞습니다. 본문의 곱셈-덧셈 "0.58 Million"은 billion이라야 맞습니다. 세어 보면 5억 7770만 번입니다. 정확도는 어떨까요?

# %%
print(f"{'within':22}{'PlaNet':>8}{'MobileNet':>11}")
for scale, _, planet, mobile in PAPER[10].rows:
    print(f"{scale:22}{planet:>8}{mobile:>11}")

# %% [markdown] lang="en"
# The text gives PlaNet 52 million parameters and 5.74 billion mult-adds. A tenth of the work finds the city as often, the continent and the street a little more often, and the country and the region less often.

# %% [markdown] lang="ko" of="357ffa87"
# 본문에 따르면 PlaNet은 매개변수가 5200만 개, 곱셈-덧셈이 57억 4000만 번입니다. 10분의 1의 일로 도시는 똑같이 맞히고, 대륙과 거리는 조금 더, 나라와 지역은 덜 맞힙니다.

# %% [markdown] lang="en"
# ## Face embeddings: a head without classes
#
# To tell whether two photographs show one person, classes are no use: there is none for a stranger. FaceNet's head gives 128 numbers (Schroff et al., 2015), the **embedding**: near each other for one person, far apart for two.
# We try it with the digits and no head at all. For all pairs of two pictures, the cosine between their features:

# %% [markdown] lang="ko" of="f8e4f539"
# ## 얼굴 임베딩: 클래스가 없는 머리
#
# 두 사진이 같은 사람인지 알아내는 데 클래스는 쓸모가 없습니다. 처음 보는 사람의 클래스는 없으니까요. FaceNet의 머리는 수 128개(Schroff 외, 2015), 곧 **임베딩**(embedding)을 냅니다. 같은 사람이면 서로 가깝고 다른 사람이면 멉니다.
# 숫자를 가지고, 머리도 없이 해 봅시다. 사진 두 장의 모든 쌍에 대해 특징 사이의 코사인을 구합니다.

# %%
unit = features / np.linalg.norm(features, axis=1, keepdims=True)
one, other = np.triu_indices(len(x), k=1)
cosine, same = (unit @ unit.T)[one, other], truth[one] == truth[other]
print(f"{same.sum():,} pairs of one digit: mean cosine {cosine[same].mean():.2f}")
print(f"{(~same).sum():,} pairs of two digits: mean cosine {cosine[~same].mean():.2f}")

# %% [markdown] lang="en"
# A lock opens where the cosine is above a threshold. Strangers must stay outside: we let in one pair in 100, in 1,000, in 10,000 that do *not* belong together.
# **Predict first:** what part of the pairs that do belong together does the lock then open for?

# %% [markdown] lang="ko" of="93fc09cf"
# 코사인이 문턱값보다 크면 문이 열린다고 합시다. 남을 들여서는 안 되니, 서로 *다른* 쌍은 100쌍, 1,000쌍, 10,000쌍에 하나만 들이도록 문턱값을 정합니다.
# **먼저 예상해 보세요.** 그러면 같은 쌍 가운데 얼마나 문을 통과할까요?

# %%
strangers = np.sort(cosine[~same])[::-1]
for rate in (1e-2, 1e-3, 1e-4):
    threshold = strangers[int(rate * len(strangers))]
    print(f"one in {1 / rate:>6,.0f}: threshold {threshold:.3f}, open for {(cosine[same] > threshold).mean():.1%}")

# %% [markdown] lang="en"
# The stricter the lock, the more friends stay outside. We read the "accuracy at 1e-4" of Table 14 in this way; the paper does not define it. Our digits had it easy: the body was trained on these ten, while a face embedding meets strangers.

# %% [markdown] lang="ko" of="adcdd784"
# 문이 엄격할수록 아는 사람도 더 많이 못 들어옵니다. 표 14의 "accuracy at 1e-4"도 이런 뜻으로 읽겠습니다. 논문에는 정의가 없습니다. 우리 숫자는 쉬운 편이었습니다. 몸통이 바로 이 열 가지로 학습되었으니까요. 얼굴 임베딩은 처음 보는 사람을 만납니다.

# %%
compare(14)

# %%
print(f"a matrix of 1024 x 128: {1024 * 128 / 1e6:.2f} million parameters")
print(f"the body of 0.75-160: {Network(nm.mobilenet(0.75, 160)[:-1]).mult_adds / 1e6:.1f} million mult-adds")

# %% [markdown] lang="en"
# This is a table that nobody can recompute whole. The body's parameters do not depend on the resolution, and yet 160 has 4.9 million and 128 has 5.5: the head must differ, and the paper does not describe it.
# A matrix of 1024 x 128 would add 0.13 million only. Two rows bear one name; the 166 million belong to 0.75-160, whose body has 165.6.

# %% [markdown] lang="ko" of="beebf181"
# 아무도 온전히 다시 계산할 수 없는 표입니다. 몸통의 매개변수는 해상도와 상관이 없는데도 160에서는 490만, 128에서는 550만입니다. 머리가 서로 다르다는 뜻인데 논문에는 설명이 없습니다.
# 1024 x 128 행렬이라면 13만 개만 늘어납니다. 그리고 두 행의 이름이 같습니다. 1억 6600만은 0.75-160의 것이고, 그 몸통이 165.6입니다.

# %% [markdown] lang="en"
# ## Detection: a head at every place
#
# SSD lays a grid of standard boxes over six maps and asks at each: how must it be moved, and what is in it? With 90 classes of COCO, one class for "nothing" and four numbers for the box, a map of $D_F \times D_F$ with $a$ boxes at each place costs
#
# $$D_F^2 \cdot M \cdot a \cdot (91 + 4)$$
#
# **Predict first:** large maps have few channels, small ones many. Which of the six maps is dearest to read?

# %% [markdown] lang="ko" of="34ed9b82"
# ## 물체 검출: 자리마다 머리 하나
#
# SSD는 특징 맵 여섯 개 위에 기준 상자를 격자로 깔고 자리마다 묻습니다. 상자를 얼마나 옮겨야 하나? 그 안에 무엇이 있나? COCO의 클래스 90개에 "아무것도 없음" 하나, 상자를 위한 수 네 개가 있으니, 자리마다 상자가 $a$개인 $D_F \times D_F$ 특징 맵의 비용은 다음과 같습니다.
#
# $$D_F^2 \cdot M \cdot a \cdot (91 + 4)$$
#
# **먼저 예상해 보세요.** 큰 특징 맵은 채널이 적고 작은 것은 많습니다. 여섯 가운데 읽는 비용이 가장 비싼 것은 어느 것일까요?

# %%
ssd, boxes = networks.ssd_mobilenet(), 0
for layer in ssd.layers:
    if layer.name.startswith("boxes"):
        D_F, M, a = layer.D_F, layer.M, layer.N // 4
        boxes += D_F**2 * a
        print(f"{D_F:>2} x {D_F:>2} x {M:>4}, {a} boxes a place: {D_F**2 * M * a * (91 + 4):>11,} mult-adds")
print(boxes, "boxes in all")

# %%
heads = sum(nm.cost.mult_adds(layer) for layer in ssd.layers if layer.name.startswith(("boxes", "classes")))
ssd_body = Network(ssd.layers[:27])  # the convolutions of MobileNet itself, on 300 x 300
more_maps = ssd.mult_adds - ssd_body.mult_adds - heads
print(f"body {ssd_body.mult_adds:,} + four more maps {more_maps:,} + heads {heads:,} = {ssd.mult_adds:,}")

# %% [markdown] lang="en"
# The first two maps take nearly all of the reading; the small ones, for large objects, cost almost nothing. Together 1.24 billion, and 85 % of it is still the body.
#
# Faster R-CNN goes about it in two steps: a small network proposes 300 places, and for *each* the last two blocks of the body and the head run again. **Predict first:** which is dearer, the picture or the proposals?

# %% [markdown] lang="ko" of="efb72ed2"
# 처음 두 특징 맵이 읽는 비용의 거의 전부이고, 큰 물체를 맡는 작은 특징 맵은 거의 공짜입니다. 모두 12억 4000만 번이고 그 가운데 85 %는 여전히 몸통입니다.
#
# Faster R-CNN은 두 단계로 합니다. 작은 네트워크가 후보 300곳을 제안하면, 후보 *하나마다* 몸통의 마지막 두 블록과 머리를 다시 돌립니다. **먼저 예상해 보세요.** 그림과 후보 가운데 어느 쪽이 더 비쌀까요?

# %%
for resolution in (300, 600):
    net = networks.faster_rcnn_mobilenet(resolution)
    once, each = Network(net.layers).mult_adds, Network(net.each_proposal).mult_adds
    print(f"{resolution}: {once / 1e9:.2f} + {net.proposals} x {each / 1e9:.4f} = {net.mult_adds / 1e9:.1f} billion")
    assert net.mult_adds == once + 300 * each, "one head for each proposal"

# %% [markdown] lang="en"
# One proposal costs 0.0782 billion, which is little; three hundred of them cost thirteen times the whole picture at 300. That is why a picture with twice the side costs so little more.

# %% [markdown] lang="ko" of="33e98167"
# 후보 하나는 7820만 번으로 얼마 되지 않습니다. 그런데 300개가 모이면 300픽셀 그림 전체의 열세 배입니다. 그래서 그림의 변이 두 배가 되어도 비용은 조금밖에 늘지 않습니다.

# %%
compare(13)

# %% [markdown] lang="en"
# All six numbers of MobileNet come out, the 6.1 million parameters when the biases are counted too. With SSD, MobileNet loses 1.8 points to VGG and has 29 times fewer mult-adds as printed; with Faster R-CNN at 300 only 2.6 times fewer.
# A cheap body cannot help where the head takes the bill.

# %% [markdown] lang="ko" of="6965a7d9"
# MobileNet의 수 여섯 개가 모두 맞습니다. 매개변수 610만 개는 편향까지 세면 맞습니다. SSD에서 MobileNet은 VGG에 1.8점 뒤지고 곱셈-덧셈은 인쇄된 수로 29분의 1입니다. 300픽셀 Faster R-CNN에서는 2.6분의 1에 그칩니다.
# 비용을 머리가 다 쓰는 곳에서는 값싼 몸통도 소용이 없습니다.

# %% [markdown] lang="en"
# ## All uses side by side

# %% [markdown] lang="ko" of="fa3d940b"
# ## 모든 쓰임을 나란히

# %%
uses = [("ImageNet, 1000 classes", body, whole), ("places, 9,766 classes", body, places)]
uses += [("dogs, 120 classes", body, Network(nm.mobilenet(classes=120)))]
uses += [("embedding, 128 numbers", body, Network(nm.mobilenet(classes=128)))]
faster = networks.faster_rcnn_mobilenet(300)
faster_body = Network(faster.layers[:-3])  # without the three layers that propose
uses += [("detection: SSD 300", ssd_body, ssd), ("detection: Faster R-CNN 300", faster_body, faster)]
nm.plots.head_shares(uses)

# %% [markdown] lang="en"
# Read the two columns against each other: the head of PlaNet is nearly all memory and no work, that of Faster R-CNN is nearly all work. Before you make a network cheaper, look which of the two you pay for, and to whom.

# %% [markdown] lang="ko" of="a443e8da"
# 두 열을 견주어 읽어 보세요. PlaNet의 머리는 거의 기억 공간만 쓰고 일은 하지 않습니다. Faster R-CNN의 머리는 일의 거의 전부를 합니다. 네트워크를 값싸게 만들기 전에 무엇에, 그리고 어느 쪽에 비용을 치르고 있는지부터 보세요.

# %% [markdown] lang="en"
# ## Exercises
#
# 1. By hand: a head for 37 breeds of cats and dogs on the 1.0 body. Mult-adds and parameters? And on the 0.5 body?
# 2. For which number of classes has the head of the 1.0 network as many parameters as the body (3,185,088)?
# 3. A phone shall answer 10 yes-or-no questions about each picture. Ten networks of 0.25-128, or ten heads on one of 1.0-128? Count both with `nm.mobilenet` and `Network`.
# 4. Faster R-CNN at 300: with how many proposals do picture and proposals cost the same?
# 5. Discuss: a face embedding, a landmark, a face attribute. What should one know of the pictures it was trained on before it opens a door, and who should be asked?
#
# <details><summary>Answers</summary>
#
# 1. $1024 \cdot 37 = 37{,}888$ of each; on the 0.5 body, with its 512 numbers, 18,944.
# 2. $3{,}185{,}088 / 1024 = 3110.4$: from 3,111 classes on the head is the larger part.
# 3. Ten thin networks: ten times 13.3 million for the bodies alone, 133 million. One wide body: 185.4 million and ten heads of 1,024. The thin ones are cheaper in both columns, with 10 x 0.21 million parameters against 3.2. Sharing pays if the shared body is not too wide: one of 0.5-128 has 48.6 million. Measure the accuracy before you choose.
# 4. The picture costs 1.76 billion, one proposal 0.0782: with about 22 or 23.
# 5. For example: which people were in them and which were not, how often strangers get in for each group of people, and whether those in the pictures agreed. The people who will stand before the door should be asked.
#
# </details>

# %% [markdown] lang="ko" of="483172e1"
# ## 연습 문제
#
# 1. 손으로: 개와 고양이 37품종을 가려내는 머리를 1.0 몸통에 얹습니다. 곱셈-덧셈과 매개변수는 얼마인가요? 0.5 몸통이라면?
# 2. 1.0 네트워크에서 머리의 매개변수가 몸통(3,185,088개)과 같아지는 클래스 수는 얼마인가요?
# 3. 휴대전화가 그림마다 예-아니요 질문 10개에 답해야 합니다. 0.25-128 네트워크 열 개와, 1.0-128 하나에 얹은 머리 열 개 가운데 어느 쪽인가요? `nm.mobilenet`과 `Network`로 둘 다 세어 보세요.
# 4. 300픽셀 Faster R-CNN에서 그림과 후보의 비용이 같아지는 후보 수는 얼마인가요?
# 5. 토론: 얼굴 임베딩, 랜드마크, 얼굴 속성. 이런 것이 문을 열어 주기 전에 학습에 쓰인 사진에 대해 무엇을 알아야 하고, 누구에게 물어야 할까요?
#
# <details><summary>답</summary>
#
# 1. 둘 다 $1024 \cdot 37 = 37{,}888$입니다. 0.5 몸통은 수를 512개 내므로 18,944입니다.
# 2. $3{,}185{,}088 / 1024 = 3110.4$이니 클래스가 3,111개부터는 머리가 더 큽니다.
# 3. 얇은 네트워크 열 개는 몸통만으로 1330만의 열 배, 1억 3300만 번입니다. 넓은 몸통 하나는 1억 8540만 번에 1,024번짜리 머리 열 개입니다. 얇은 쪽이 두 열 모두에서 쌉니다. 매개변수도 10 x 21만 개로 320만 개보다 적습니다. 함께 쓰는 몸통이 너무 넓지 않으면 나눠 쓰는 쪽이 이깁니다. 0.5-128 몸통은 4860만 번입니다. 고르기 전에 정확도를 재 보세요.
# 4. 그림이 17억 6000만 번, 후보 하나가 7820만 번이니 22개나 23개쯤입니다.
# 5. 예를 들면 어떤 사람이 들어 있고 어떤 사람이 빠졌는지, 사람들의 무리마다 남을 들이는 비율이 얼마인지, 사진 속 사람들이 동의했는지입니다. 그 문 앞에 설 사람들에게 물어야 합니다.
#
# </details>
