using System.Globalization;
using Google.Protobuf;

namespace ClientFailover.Service.Transport.Errors;

/// <summary>Writes a failure into the headers of a native call that has no other answer yet: gRPC's trailers-only form.</summary>
internal static class GrpcFailureWriter
{
    /// <summary>The header that makes a response one of gRPC.</summary>
    public const string StatusHeader = "grpc-status";

    /// <summary>The header of google.rpc.Status.</summary>
    public const string DetailsHeader = "grpc-status-details-bin";

    /// <summary>Writes a failure; whatever status was there before is replaced.</summary>
    /// <param name="response">The response, not started.</param>
    /// <param name="failure">The failure.</param>
    public static void Write(HttpResponse response, Failure failure)
    {
        var status = failure.ToStatus();
        response.Headers[StatusHeader] = status.Code.ToString(CultureInfo.InvariantCulture);
        response.Headers["grpc-message"] = Uri.EscapeDataString(status.Message);
        response.Headers[DetailsHeader] = Convert.ToBase64String(status.ToByteArray());
    }
}
