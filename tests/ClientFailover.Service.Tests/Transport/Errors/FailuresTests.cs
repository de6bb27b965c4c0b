using ClientFailover.Engine;
using ClientFailover.Service.Groups;
using ClientFailover.Service.Transport.Errors;
using Google.Rpc;
using Grpc.Core;
using NUnit.Framework;

namespace ClientFailover.Service.Tests.Transport.Errors;

internal sealed class FailuresTests
{
    [TestCase(RefusalKind.GroupNotFound, StatusCode.NotFound, "GROUP_NOT_FOUND")]
    [TestCase(RefusalKind.SessionNotFound, StatusCode.NotFound, "SESSION_NOT_FOUND")]
    [TestCase(RefusalKind.GroupDiffers, StatusCode.AlreadyExists, "GROUP_DIFFERS")]
    [TestCase(RefusalKind.SessionNameDiffers, StatusCode.AlreadyExists, "SESSION_NAME_DIFFERS")]
    [TestCase(RefusalKind.GroupActive, StatusCode.Aborted, "GROUP_ACTIVE")]
    [TestCase(RefusalKind.HeartbeatTooSoon, StatusCode.ResourceExhausted, "HEARTBEAT_TOO_SOON")]
    public void Of_ARefusal_HasItsStatusAndStableReason(RefusalKind kind, StatusCode status, string code)
    {
        var failure = Failures.Of(new Refusal(kind), "g", "s");

        Assert.That((failure.Status, failure.Code), Is.EqualTo((status, code)));
    }

    [TestCaseSource(nameof(AllKinds))]
    public void Of_EveryKindOfRefusal_IsAnswered(RefusalKind kind)
    {
        var failure = Failures.Of(new Refusal(kind), "g", "s");

        Assert.That(failure.Code, Does.Match("^[A-Z]+(_[A-Z]+)*$"));
        Assert.That(failure.Message.Split('\n'), Has.Length.EqualTo(3).And.All.Match(@"^\S.*\.$"));
    }

    [Test]
    public void Of_AStoreThatCannotBeWritten_IsUnavailableWithAWait()
    {
        var failure = Failures.Of(new StoreUnavailableException("The disk is full."));

        Assert.That((failure.Status, failure.Code, failure.Cause), Is.EqualTo((StatusCode.Unavailable, "STORE_UNAVAILABLE", "The disk is full.")));
        Assert.That(failure.RetryAfter, Is.GreaterThan(TimeSpan.Zero));
    }

    [Test]
    public void ToRpcException_OfAFailure_CarriesEveryDetail()
    {
        var failure = Failures.Invalid([new Violation("Id", "group.id", "must be short"), new Violation("Name", "group.name", "must be long")])
            with
        { RetryAfter = TimeSpan.FromSeconds(1.5) };

        var status = failure.ToRpcException().GetRpcStatus()!;

        Assert.That(status.GetDetail<ErrorInfo>(), Is.EqualTo(new ErrorInfo { Reason = "REQUEST_INVALID", Domain = "clientfailover" }));
        Assert.That(
            status.GetDetail<BadRequest>()!.FieldViolations.Select(v => (v.Field, v.Description)),
            Is.EqualTo(new[] { ("group.id", "Id must be short."), ("group.name", "Name must be long.") }));
        Assert.That(status.GetDetail<RetryInfo>()!.RetryDelay.ToTimeSpan(), Is.EqualTo(TimeSpan.FromSeconds(1.5)));
        Assert.That(status.Message, Does.Contain("\nId must be short; Name must be long.\n"));
    }

    [TestCase(0, 1)]
    [TestCase(1, 1)]
    [TestCase(999, 1)]
    [TestCase(1000, 1)]
    [TestCase(1001, 2)]
    [TestCase(-5000, 1)]
    public void ToWholeSeconds_OfAWait_IsNeverTooFew(int milliseconds, long seconds) =>
        Assert.That(RpcStatus.ToWholeSeconds(TimeSpan.FromMilliseconds(milliseconds)), Is.EqualTo(seconds));

    private static RefusalKind[] AllKinds() => Enum.GetValues<RefusalKind>();

    [TestCase("the disk is full", "The disk is full.")]
    [TestCase("The store has not answered.", "The store has not answered.")]
    public void Of_AStoreThatCannotBeWritten_TellsTheReasonInASentence(string reason, string sentence) =>
        Assert.That(Failures.Of(new StoreUnavailableException(reason)).Cause, Is.EqualTo(sentence));
}
