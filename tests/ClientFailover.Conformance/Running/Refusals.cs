using Google.Rpc;
using Grpc.Core;
using NUnit.Framework;

namespace ClientFailover.Conformance.Running;

/// <summary>What is expected of calls that fail.</summary>
internal static class Refusals
{
    /// <summary>Asserts that a call fails.</summary>
    /// <typeparam name="T">Its response.</typeparam>
    /// <param name="call">The call.</param>
    /// <returns>The failure.</returns>
    public static RpcException Of<T>(AsyncUnaryCall<T> call) => Of(call.ResponseAsync);

    /// <inheritdoc cref="Of{T}(AsyncUnaryCall{T})"/>
    public static RpcException Of(Task call) => Assert.ThrowsAsync<RpcException>(() => call)!;

    /// <summary>Asserts a canonical status with its details.</summary>
    /// <param name="failure">The failure.</param>
    /// <param name="status">The status.</param>
    /// <param name="reason">The stable reason.</param>
    /// <param name="fields">The fields that are not valid.</param>
    public static void MustBe(this RpcException failure, StatusCode status, string reason, params string[] fields)
    {
        Assert.That(failure.StatusCode, Is.EqualTo(status), failure.Message);
        Assert.That(failure.Status.Detail.Split('\n'), Has.Length.EqualTo(3));
        var details = failure.GetRpcStatus()!;
        var info = details.GetDetail<ErrorInfo>()!;
        Assert.That((info.Domain, info.Reason), Is.EqualTo(("clientfailover", reason)));
        Assert.That(details.GetDetail<BadRequest>()?.FieldViolations.Select(v => v.Field) ?? [], Is.EqualTo(fields));
    }
}
