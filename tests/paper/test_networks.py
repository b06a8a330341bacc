"""Other networks, against what their own authors' files hold."""

from __future__ import annotations

import pytest

from npmobile import cost, mobilenet
from npmobile.paper import networks
from npmobile.paper.networks import Network


@pytest.mark.parametrize(
    ("network", "mult_adds", "with_biases"),
    [
        (networks.vgg16, 15_470_264_320, 138_357_544),
        (networks.alexnet, 724_406_816, 60_965_224),
        (networks.googlenet, 1_582_671_872, 6_998_552),
        (networks.squeezenet, 861_339_936, 1_248_424),
    ],
)
def test_networks_of_others(network, mult_adds, with_biases):
    assert network().mult_adds == mult_adds
    assert network().parameters + network().biases == with_biases  # of the Caffe models


def test_vgg16_is_15_347_million_in_its_convolutions():
    assert Network(networks.vgg16_body()).mult_adds == 15_346_630_656


def test_detectors():
    ssd = networks.ssd_mobilenet()
    assert (ssd.mult_adds, ssd.parameters) == (1_237_129_408, 6_791_360)
    # the maps of SSD on 300 x 300 are 19, 10, 5, 3, 2 and 1 wide
    assert [layer.D_F for layer in ssd.layers if layer.name.startswith("boxes")] == [19, 10, 5, 3, 2, 1]
    small, large = (networks.faster_rcnn_mobilenet(resolution) for resolution in (300, 600))
    assert [round(network.mult_adds / 1e9, 3) for network in (small, large)] == [25.224, 30.494]
    assert small.parameters == large.parameters == 6_043_072
    # a crop costs what blocks 12 and 13 and the two heads cost, whatever the image
    assert small.proposals * (77_747_712 + 1024 * (91 + 360)) == small.mult_adds - Network(small.layers).mult_adds


def test_a_network_counts_proposals_again_but_shares_their_weights():
    layers = mobilenet(0.25, 32, 10)
    once, again = Network(layers), Network(layers, layers[-1:], proposals=7)
    assert again.mult_adds - once.mult_adds == 7 * cost.mult_adds(layers[-1])
    assert again.parameters - once.parameters == cost.parameters(layers[-1])
    assert again.bias_additions - once.bias_additions == 7 * 10
    assert again.biases - once.biases == 10


def test_conv2d_totals_of_the_authors_code():
    body, small = (Network(mobilenet(alpha, resolution)[:-1]) for alpha, resolution in [(1.0, 224), (0.75, 128)])
    assert (body.mult_adds, body.parameters) == (567_716_352, 3_185_088)
    assert (small.mult_adds, small.parameters) == (106_002_432, 1_800_144)
