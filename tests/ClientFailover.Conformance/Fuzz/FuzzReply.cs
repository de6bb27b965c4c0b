using System.Globalization;

namespace ClientFailover.Conformance.Fuzz;

/// <summary>An answer over HTTP/1.1.</summary>
/// <param name="Status">Its status.</param>
/// <param name="Closes">Whether it is the last of its connection.</param>
/// <param name="ContentType">The type of its body.</param>
/// <param name="GrpcStatus">What it says if it is one of gRPC-Web without a message; else null.</param>
/// <param name="Body">Its body; empty for one that never ends.</param>
internal sealed record RestReply(int Status, bool Closes, string? ContentType, string? GrpcStatus, byte[] Body)
{
    /// <summary>Whether it is one of success.</summary>
    public bool IsSuccess => Status is >= 200 and < 300 && (GrpcStatus is null or "0");

    /// <summary>Whether its body never ends.</summary>
    public bool IsEndless => ContentType == "application/x-ndjson";
}

/// <summary>The answer to a native call.</summary>
internal sealed class CallReply
{
    /// <summary>The status of HTTP; 0: there was no answer.</summary>
    public int Status { get; private set; }

    /// <summary>The status of gRPC; null: there is none.</summary>
    public int? GrpcStatus { get; private set; }

    /// <summary>What the status of gRPC says.</summary>
    public string? Message { get; private set; }

    /// <summary>Why the service reset the stream; null: it did not.</summary>
    public int? ResetCode { get; set; }

    /// <summary>Bytes of messages that came.</summary>
    public int Received { get; private set; }

    /// <summary>What of another's came that must not.</summary>
    public string? Leak { get; private set; }

    /// <summary>Takes a part of a message.</summary>
    /// <param name="data">The part.</param>
    public void TakeData(byte[] data)
    {
        Received += data.Length;
        Leak ??= Choice.PlantedIn(data);
    }

    /// <summary>Takes a header or trailer.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="value">Its value.</param>
    public void Take(string name, string value)
    {
        switch (name)
        {
            case ":status":
                Status = int.Parse(value, CultureInfo.InvariantCulture);
                break;
            case "grpc-status":
                GrpcStatus = int.Parse(value, CultureInfo.InvariantCulture);
                break;
            case "grpc-message":
                Message = value;
                break;
        }
    }
}
