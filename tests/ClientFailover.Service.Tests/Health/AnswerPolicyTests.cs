using ClientFailover.Service.Health.Omf;
using ClientFailover.Service.Health.Sending;
using NUnit.Framework;

namespace ClientFailover.Service.Tests.Health;

public sealed class AnswerPolicyTests
{
    [Test]
    public void Judge_EveryStatusOfEveryKind_IsAsDocumented()
    {
        foreach (var kind in Enum.GetValues<OmfKind>())
        {
            var refused = Enumerable.Range(100, 500).Where(c => AnswerPolicy.Judge(kind, new OmfAnswer([c], "")) == Verdict.Refused);
            var accepted = Enumerable.Range(100, 500).Where(c => AnswerPolicy.Judge(kind, new OmfAnswer([c], "")) == Verdict.Accepted);
            var unknown = Enumerable.Range(100, 500).Where(c => AnswerPolicy.Judge(kind, new OmfAnswer([c], "")) == Verdict.Unknown);

            Assert.That(accepted, Is.EqualTo(Enumerable.Range(200, 100)), $"{kind}");
            Assert.That(unknown, Is.EqualTo(kind == OmfKind.Data ? new[] { 404 } : []), $"{kind}");
            Assert.That(
                refused,
                Is.EqualTo(kind switch
                {
                    OmfKind.Data => new[] { 400, 403, 409, 501 },
                    OmfKind.Type or OmfKind.Container => [400, 403, 404, 409, 501],
                    _ => [400, 403, 404, 409, 500, 501],
                }),
                $"{kind}");
        }
    }

    [TestCase(new[] { 200, 201, 204 }, Verdict.Accepted)]
    [TestCase(new[] { 200, 409, 200 }, Verdict.Refused)]
    [TestCase(new[] { 409, 404 }, Verdict.Unknown)]
    [TestCase(new[] { 409, 404, 500 }, Verdict.Retry)]
    [TestCase(new int[0], Verdict.Retry)]
    public void Judge_SeveralParts_TheWorstDecides(int[] codes, object verdict) =>
        Assert.That(AnswerPolicy.Judge(OmfKind.Data, new OmfAnswer(codes, "")), Is.EqualTo(verdict));

    [TestCase(429, 7)]
    [TestCase(503, 7)]
    [TestCase(500, null)]
    [TestCase(401, null)]
    public void WishOf_Status_CountsOnlyOfOverloadAndAbsence(int code, int? seconds) => Assert.That(
        AnswerPolicy.WishOf(new OmfAnswer([code], "", TimeSpan.FromSeconds(7))),
        Is.EqualTo(seconds is { } s ? TimeSpan.FromSeconds(s) : (TimeSpan?)null));
}
