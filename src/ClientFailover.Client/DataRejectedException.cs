namespace ClientFailover.Client;

/// <summary>Thrown by an <see cref="IEgress"/>: the destination will never take these values, so to send them again makes no sense.</summary>
public sealed class DataRejectedException : Exception
{
    /// <summary>Creates it.</summary>
    public DataRejectedException()
    {
    }

    /// <summary>Creates it.</summary>
    /// <param name="message">What the destination said.</param>
    public DataRejectedException(string message)
        : base(message)
    {
    }

    /// <summary>Creates it.</summary>
    /// <param name="message">What the destination said.</param>
    /// <param name="innerException">The cause.</param>
    public DataRejectedException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>How many values of the batch the destination refused; it has the others. Null: none of the batch. For the counters and the log.</summary>
    public int? Rejected { get; init; }
}
