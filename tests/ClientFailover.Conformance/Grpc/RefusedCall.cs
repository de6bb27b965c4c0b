using Google.Rpc;
using Grpc.Core;
using NUnit.Framework;

namespace ClientFailover.Conformance.Grpc;

/// <summary>What is expected of calls that fail.</summary>
internal static class RefusedCall
{
    /// <summary>Awaits the failure of a call.</summary>
    /// <typeparam name="T">Its response.</typeparam>
    /// <param name="call">The call.</param>
    /// <returns>The failure.</returns>
    public static async Task<RpcException> FailAsync<T>(AsyncUnaryCall<T> call)
    {
        try
        {
            await call;
        }
        catch (RpcException e)
        {
            return e;
        }

        throw new AssertionException("The call succeeded.");
    }

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
