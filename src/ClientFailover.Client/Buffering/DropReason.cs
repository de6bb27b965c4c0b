namespace ClientFailover.Client.Buffering;

/// <summary>Why values were dropped.</summary>
internal enum DropReason
{
    /// <summary>The disk was to hold more than it may.</summary>
    Size,

    /// <summary>They were too old.</summary>
    Age,

    /// <summary>The disk could not be written, and memory is bounded.</summary>
    Unwritable,

    /// <summary>They came faster than the disk takes them, and memory is bounded.</summary>
    TooFast,

    /// <summary>They could not be read any more.</summary>
    Damaged,
}
